//! All messages of the kit, each with its id.
//!
//! Texts may be edited freely. The id is what a mistake in `solutions/*/mistakes` names
//! (`# message: unexpected-bytes`), and what programs may rely on.

/// Declares [`MessageId`]: each variant with the text of its id.
macro_rules! messages {
    ($($(#[$doc:meta])* $variant:ident = $id:literal,)*) => {
        /// The id of a message of the kit.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum MessageId {
            $($(#[$doc])* $variant,)*
        }

        impl MessageId {
            /// All of them.
            pub const ALL: &[MessageId] = &[$(MessageId::$variant,)*];

            /// In kebab case.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(MessageId::$variant => $id,)*
                }
            }
        }
    };
}

messages! {
    // The program as a whole.
    /// It came to a `todo!`.
    Unwritten = "unwritten",
    /// It panicked.
    Panicked = "panicked",
    /// It panicked although every expectation held.
    PanickedAfterAll = "panicked-after-all",
    /// A signal ended it although every expectation held.
    CrashedAfterAll = "crashed-after-all",
    /// It exited by itself.
    ExitedByItself = "exited-by-itself",
    /// It exited with the status for wrong arguments.
    WrongUsage = "wrong-usage",
    /// The command cannot be run at all.
    CannotStart = "cannot-start",
    /// It does not run any more.
    NotRunning = "not-running",
    /// It has more threads or descriptors than before.
    NotGivenBack = "not-given-back",
    /// A test has computed by itself that something does not hold.
    CheckFailed = "check-failed",

    // Starting and ending.
    /// Its first line on stdout is not `listening on ADDRESS`.
    WrongFirstLine = "wrong-first-line",
    /// It exited before it listened.
    ExitedBeforeListening = "exited-before-listening",
    /// It printed nothing.
    DidNotListen = "did-not-listen",
    /// It printed something without a newline.
    FirstLineWithoutNewline = "first-line-without-newline",
    /// It still runs some time after Ctrl-C or SIGTERM.
    DidNotStop = "did-not-stop",
    /// It still runs where it should exit.
    StillRunning = "still-running",
    /// It exited with another status.
    WrongExitStatus = "wrong-exit-status",
    /// It should write one line that begins with `error: `.
    NoErrorLine = "no-error-line",
    /// Its error line lacks a word.
    WrongErrorLine = "wrong-error-line",

    // Output.
    /// It printed nothing on stdout.
    PrintedNothing = "printed-nothing",
    /// It printed something else on stdout.
    WrongOutput = "wrong-output",
    /// It printed no line.
    NoLine = "no-line",
    /// It printed the beginning of a line.
    LineWithoutNewline = "line-without-newline",
    /// It did not write something to stderr.
    NotLogged = "not-logged",

    // A connection.
    /// We could not connect.
    CouldNotConnect = "could-not-connect",
    /// The client did not connect.
    DidNotConnect = "did-not-connect",
    /// The server did not accept.
    DidNotAccept = "did-not-accept",
    /// It closed the connection before the expected bytes were complete.
    ClosedEarly = "closed-early",
    /// It reset the connection before that.
    ResetEarly = "reset-early",
    /// It sent FIN without a close_notify before that.
    CutEarly = "cut-early",
    /// It ended TLS before that.
    TlsEndedEarly = "tls-ended-early",
    /// It sent nothing more before that.
    StoppedSending = "stopped-sending",
    /// It sent other bytes.
    UnexpectedBytes = "unexpected-bytes",
    /// It sent bytes although none were expected.
    SentTooMuch = "sent-too-much",
    /// It sends and sends.
    SendsForEver = "sends-for-ever",
    /// It did not read what we sent.
    NotRead = "not-read",
    /// It read on although it should have stopped.
    NeverStoppedReading = "never-stopped-reading",
    /// We could not send, for it does not read.
    CouldNotSend = "could-not-send",
    /// It closed the connection where it should have waited.
    ClosedTooSoon = "closed-too-soon",
    /// It reset the connection where it should have waited.
    ResetTooSoon = "reset-too-soon",
    /// It did not close the connection.
    NotClosed = "not-closed",
    /// It reset the connection instead of closing it.
    ResetInsteadOfClose = "reset-instead-of-close",
    /// It sent FIN without a close_notify.
    NoCloseNotify = "no-close-notify",
    /// It ended TLS instead of closing the connection.
    TlsEnded = "tls-ended",
    /// It did not reset the connection.
    NotReset = "not-reset",

    // A handshake.
    /// It closed the connection in the handshake.
    ClosedInHandshake = "closed-in-handshake",
    /// It reset the connection in the handshake.
    ResetInHandshake = "reset-in-handshake",
    /// It did not agree on TLS.
    NoAgreementOnTls = "no-agreement-on-tls",
    /// It was silent in the handshake.
    SilentInHandshake = "silent-in-handshake",
    /// It should have refused the handshake.
    HandshakeNotRefused = "handshake-not-refused",
    /// It reset the connection after its close_notify.
    ResetAfterCloseNotify = "reset-after-close-notify",
    /// It sent no FIN after its close_notify.
    NoFinAfterCloseNotify = "no-fin-after-close-notify",

    // Datagrams.
    /// It sent no datagram.
    NoDatagram = "no-datagram",
    /// It sent another datagram.
    WrongDatagram = "wrong-datagram",
    /// It sent a datagram although none was expected.
    UnexpectedDatagram = "unexpected-datagram",
    /// It did not read a datagram.
    DatagramNotRead = "datagram-not-read",
    /// Its answer came from another address than the one that was asked.
    WrongSourceAddress = "wrong-source-address",
    /// No answer that came belongs to the request.
    NoAnswerBelongs = "no-answer-belongs",
    /// The answer was another one.
    WrongAnswer = "wrong-answer",
}
