//! A part of the picture, and how high it is.

/// A part of the picture.
pub struct Drawn {
    pub svg: String,
    pub height: usize,
}

impl Drawn {
    /// Adds what is below.
    pub fn add(&mut self, below: Drawn) {
        self.svg += &below.svg;
        self.height += below.height;
    }
}
