//! The frame of a page.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};

use crate::escape::escape;

/// The colours and the elements of all pages, for light and dark.
const STYLE: &str = include_str!("page.css");

/// A page that is one file.
pub struct Page<'a> {
    /// Its title, as text.
    pub title: &'a str,
    /// Styles besides those of all pages.
    pub style: &'a str,
    /// Its script. Empty: none.
    pub script: &'a str,
    /// The content of its body, as HTML.
    pub body: &'a str,
}

impl Page<'_> {
    /// The file.
    pub fn html(&self) -> String {
        let style = format!("{STYLE}{}", self.style);
        let script = match self.script {
            "" => String::new(),
            script => format!("<script>{script}</script>\n"),
        };
        format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n\
             <title>{}</title>\n<style>{style}</style>\n</head>\n<body>\n{}{script}</body>\n</html>\n",
            policy(&style, self.script),
            escape(self.title),
            self.body,
        )
    }
}

/// Nothing is loaded, and no other style or script is used, whatever a program sent.
fn policy(style: &str, script: &str) -> String {
    let [style, script] = [style, script].map(|text| BASE64_STANDARD.encode(Sha256::digest(text)));
    format!(
        "default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'; \
         base-uri 'none'; form-action 'none'"
    )
}

/// `html` in a box that scrolls if it is too wide. The keyboard reaches it, and screen readers read
/// `label`.
pub fn scrolling(class: &str, label: &str, html: &str) -> String {
    let label = escape(label);
    format!(
        "<div class=\"{class}\" tabindex=\"0\" role=\"region\" aria-label=\"{label}\">{html}</div>\n"
    )
}
