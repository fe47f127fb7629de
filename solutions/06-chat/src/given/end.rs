//! Why a connection ends (given).

/// Why the server ends a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The client closed its side.
    Closed,
    /// The client sent `/quit`.
    Quit,
    /// The client sent a line that is too long.
    TooLong,
    /// The server refused each name that the client sent.
    Nameless,
    /// The client did not read, and its queue was full.
    Dropped,
}

impl End {
    /// The last line that the server sends, if there is one.
    pub fn last_words(&self) -> Option<&'static str> {
        match self {
            End::Quit => Some("Goodbye.\n"),
            End::TooLong => Some("ERROR line too long\n"),
            End::Closed | End::Nameless | End::Dropped => None,
        }
    }
}
