//! The conversation: the picture, the panel for bytes, and the bytes of each message.

use std::collections::BTreeMap;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use report::{Ladder, Payload};
use serde::Serialize;

use crate::picture;

/// Most bytes of one message that the page has, and of all messages together.
const MESSAGE: usize = 4096;
const ALL: usize = 1 << 20;

/// The bytes of a row, for the script.
#[derive(Serialize)]
struct Message {
    /// How many bytes the message has.
    len: usize,
    /// The first ones, as Base64.
    bytes: String,
}

/// The section of the page.
pub fn conversation(ladder: &Ladder) -> String {
    let messages = serde_json::to_string(&messages(ladder)).expect("maps of numbers are JSON");
    let picture = picture::svg_element(ladder, picture::Rows::Buttons);
    // Base64 and numbers have no character that HTML takes for markup.
    format!(
        "<section class=\"conversation\" aria-label=\"Conversation\">\n\
         <div class=\"diagram\" tabindex=\"0\" role=\"region\" aria-label=\"Diagram\">{picture}</div>\n\
         <section class=\"panel\" aria-label=\"Bytes of the message\">\n\
         <p id=\"row\">Point at a message, or move with the arrow keys.</p>\n\
         <pre id=\"dump\" tabindex=\"0\" role=\"region\" aria-label=\"Hex and text\"></pre>\n\
         </section>\n</section>\n\
         <script type=\"application/json\" id=\"messages\">{messages}</script>\n"
    )
}

fn messages(ladder: &Ladder) -> BTreeMap<usize, Message> {
    let mut room = ALL;
    let mut message = |payload: &Payload| {
        let bytes = payload.traced.as_ref().unwrap_or(&payload.head);
        let bytes = &bytes[..bytes.len().min(MESSAGE).min(room)];
        room -= bytes.len();
        Message { len: payload.len, bytes: BASE64_STANDARD.encode(bytes) }
    };
    let rows = picture::drawn_rows(ladder);
    rows.filter_map(|(index, row)| Some((index, message(row.payload.as_ref()?)))).collect()
}
