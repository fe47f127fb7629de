//! DER, as far as reading a certificate needs it (ITU-T X.690): elements of a tag, a length and a
//! content.
//!
//! ```text
//!   30 82 01 0a ...     tag 30 (SEQUENCE), length in two bytes, 266 bytes of content
//! ```

/// One element. Its content may be elements again.
#[derive(Clone, Copy, Debug)]
pub struct Element<'a> {
    pub tag: u8,
    pub content: &'a [u8],
}

impl<'a> Element<'a> {
    /// The first element of `bytes`.
    pub fn first(bytes: &'a [u8]) -> Option<Element<'a>> {
        Elements(bytes).next()
    }

    /// The elements inside it.
    pub fn inside(self) -> Elements<'a> {
        Elements(self.content)
    }

    /// The content as text. Names and dates of certificates are text.
    pub fn text(self) -> String {
        String::from_utf8_lossy(self.content).into_owned()
    }
}

/// Elements one behind the other. They end at the first that is no DER.
#[derive(Clone, Copy, Debug)]
pub struct Elements<'a>(&'a [u8]);

impl<'a> Iterator for Elements<'a> {
    type Item = Element<'a>;

    fn next(&mut self) -> Option<Element<'a>> {
        let (tag, rest) = self.0.split_first()?;
        let (first, rest) = rest.split_first()?;
        // From 128 on the byte says how many bytes of the length follow.
        let count = usize::from(first.checked_sub(0x80).unwrap_or(0));
        let (digits, rest) = rest.split_at_checked(count)?;
        let long = digits.iter().try_fold(0_usize, |sum, digit| {
            sum.checked_mul(256)?.checked_add(usize::from(*digit))
        })?;
        let length = if count == 0 { usize::from(*first) } else { long };
        let (content, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some(Element { tag: *tag, content })
    }
}
