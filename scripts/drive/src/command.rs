//! The commands that the user types, one a line.

use std::fmt;
use std::time::Duration;

use report::TlsClient;
use report::bytes::show;

use crate::text::parse_texts;

/// What `help` prints.
pub const HELP: &str = r#"A command acts on the peer that was used last. `bob: send "x"` names another one.
  connect [NAME]      connect a TCP peer
  udp [NAME]          open a UDP peer
  send "TEXT" ...     send bytes; each text is a write of its own. Escapes: \n \r \t \0 \\ \" \xff
  fin                 close the sending side (half-close); the peer still receives
  rst                 reset the connection
  stop                stop reading;  go  reads on
  expect "TEXT"       wait until these bytes come next
  expect fin | rst    wait for the end of the connection, graceful or reset
  pause               stop the program (SIGSTOP);  resume  lets it continue (SIGCONT)
  interrupt           send the program Ctrl-C (SIGINT);  terminate  sends SIGTERM
  wait [SECONDS]      show what happens for so long
  save NAME           write the conversation so far as a test of your own
  help | quit
"#;

/// A line of the user.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The peer that it names.
    pub peer: Option<String>,
    /// What to do.
    pub command: Command,
}

/// What to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// A TCP peer connects.
    Connect { name: String },
    /// A UDP peer opens its socket.
    Udp { name: String },
    /// The peer sends each of these in a write of its own.
    Send(Vec<Vec<u8>>),
    /// The peer begins TLS. Only a replay does so.
    StartTls(Box<TlsClient>),
    /// The peer ends its stream in TLS. Only a replay does so.
    CloseNotify,
    /// The peer closes its sending side.
    Fin,
    /// The peer resets the connection.
    Reset,
    /// The peer stops reading.
    Stop,
    /// The peer reads on.
    Go,
    /// The peer waits for this.
    Expect(Expected),
    /// The program gets a signal.
    Signal(Signal),
    /// What happens is shown for so long.
    Wait(Duration),
    /// The conversation becomes a test of this name.
    Save { name: String },
    /// The commands are listed.
    Help,
    /// The program is ended.
    Quit,
}

/// What a peer can wait for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// These bytes come next.
    Bytes(Vec<u8>),
    /// The program ends its stream in TLS.
    CloseNotify,
    /// The program closes its sending side.
    Fin,
    /// The program resets the connection.
    Reset,
}

/// A signal for the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// SIGSTOP.
    Pause,
    /// SIGCONT.
    Resume,
    /// SIGINT.
    Interrupt,
    /// SIGTERM.
    Terminate,
}

/// The longest wait in seconds.
const LONGEST_WAIT: f64 = 3600.0;

impl Line {
    /// Takes `text` apart. `None`: it is empty or a comment.
    ///
    /// # Errors
    ///
    /// Its fault in one sentence.
    pub fn parse(text: &str) -> Result<Option<Line>, String> {
        let text = text.trim();
        if text.is_empty() || text.starts_with('#') {
            return Ok(None);
        }
        let named = text.split_once(": ").filter(|(name, _)| is_name(name));
        let (peer, text) = named.map_or((None, text), |(name, rest)| (Some(name.to_owned()), rest));
        let (verb, rest) = text.trim().split_once(char::is_whitespace).unwrap_or((text.trim(), ""));
        let command = Command::parse(verb, rest.trim())?;
        Ok(Some(Line { peer, command }))
    }
}

impl fmt::Display for Line {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(peer) = &self.peer {
            write!(formatter, "{peer}: ")?;
        }
        match &self.command {
            Command::Connect { name } => write!(formatter, "connect {name}"),
            Command::Udp { name } => write!(formatter, "udp {name}"),
            Command::Send(pieces) if pieces.len() > 1 => {
                write!(formatter, "send {} in {} pieces", show(&pieces.concat()), pieces.len())
            }
            Command::Send(pieces) => write!(formatter, "send {}", show(&pieces.concat())),
            Command::Expect(expected) => write!(formatter, "expect {}", expected.in_words()),
            other => formatter.write_str(other.verb()),
        }
    }
}

impl Expected {
    /// `"hello\n"`, `FIN`
    pub fn in_words(&self) -> String {
        match self {
            Expected::Bytes(bytes) => show(bytes),
            Expected::CloseNotify => "close_notify".to_owned(),
            Expected::Fin => "FIN".to_owned(),
            Expected::Reset => "RST".to_owned(),
        }
    }
}

impl Command {
    /// The word that it begins with.
    fn verb(&self) -> &'static str {
        match self {
            Command::Connect { .. } => "connect",
            Command::Udp { .. } => "udp",
            Command::Send(_) => "send",
            Command::StartTls(_) => "start TLS",
            Command::CloseNotify => "send close_notify",
            Command::Fin => "fin",
            Command::Reset => "rst",
            Command::Stop => "stop",
            Command::Go => "go",
            Command::Expect(_) => "expect",
            Command::Signal(Signal::Pause) => "pause",
            Command::Signal(Signal::Resume) => "resume",
            Command::Signal(Signal::Interrupt) => "interrupt",
            Command::Signal(Signal::Terminate) => "terminate",
            Command::Wait(_) => "wait",
            Command::Save { .. } => "save",
            Command::Help => "help",
            Command::Quit => "quit",
        }
    }

    fn parse(verb: &str, rest: &str) -> Result<Command, String> {
        let command = match verb {
            "connect" => return Ok(Command::Connect { name: peer_name(rest)? }),
            "udp" => return Ok(Command::Udp { name: peer_name(rest)? }),
            "send" => return parse_send(rest),
            "expect" => return parse_expect(rest),
            "wait" => return parse_wait(rest),
            "save" if rest.is_empty() => return Err("save needs a name".to_owned()),
            "save" => return Ok(Command::Save { name: rest.to_owned() }),
            "fin" => Command::Fin,
            "rst" => Command::Reset,
            "stop" => Command::Stop,
            "go" => Command::Go,
            "pause" => Command::Signal(Signal::Pause),
            "resume" => Command::Signal(Signal::Resume),
            "interrupt" => Command::Signal(Signal::Interrupt),
            "terminate" => Command::Signal(Signal::Terminate),
            "help" | "?" => Command::Help,
            "quit" | "exit" => Command::Quit,
            _ => return Err(format!("there is no command `{verb}`; `help` lists them")),
        };
        if rest.is_empty() { Ok(command) } else { Err(format!("{verb} takes no `{rest}`")) }
    }
}

fn parse_send(rest: &str) -> Result<Command, String> {
    match parse_texts(rest)? {
        texts if texts.is_empty() => Err("send needs a text: send \"hello\\n\"".to_owned()),
        texts => Ok(Command::Send(texts)),
    }
}

fn parse_expect(rest: &str) -> Result<Command, String> {
    let expected = match rest {
        "fin" => Expected::Fin,
        "rst" => Expected::Reset,
        "" => return Err("expect needs a text, fin or rst".to_owned()),
        text => Expected::Bytes(parse_texts(text)?.concat()),
    };
    Ok(Command::Expect(expected))
}

fn parse_wait(rest: &str) -> Result<Command, String> {
    let seconds = if rest.is_empty() { Ok(1.0) } else { rest.parse() };
    match seconds {
        Ok(seconds) if (0.0..=LONGEST_WAIT).contains(&seconds) => {
            Ok(Command::Wait(Duration::from_secs_f64(seconds)))
        }
        _ => Err(format!("`{rest}` is no number of seconds up to {LONGEST_WAIT}")),
    }
}

fn peer_name(text: &str) -> Result<String, String> {
    match text {
        "" => Ok("peer".to_owned()),
        name if is_name(name) => Ok(name.to_owned()),
        _ => Err(format!("`{text}` is no name; use small letters, digits and _")),
    }
}

/// Whether a peer or a test may have this name. Both become names in Rust.
pub fn is_name(text: &str) -> bool {
    let is_part = |character: char| matches!(character, 'a'..='z' | '0'..='9' | '_');
    text.starts_with(|first: char| first.is_ascii_lowercase()) && text.chars().all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Command {
        Line::parse(text).expect("valid").expect("a command").command
    }

    #[test]
    fn lines_are_commands() {
        assert_eq!(parse("connect"), Command::Connect { name: "peer".to_owned() });
        assert_eq!(parse("  udp bob "), Command::Udp { name: "bob".to_owned() });
        assert_eq!(parse(r#"send "a: b" "c""#), Command::Send(vec![b"a: b".into(), b"c".into()]));
        assert_eq!(parse("expect fin"), Command::Expect(Expected::Fin));
        assert_eq!(parse(r#"expect "fin""#), Command::Expect(Expected::Bytes(b"fin".into())));
        assert_eq!(parse("wait 0.5"), Command::Wait(Duration::from_millis(500)));
        let line = Line::parse("bob: fin").expect("valid").expect("a command");
        assert_eq!(line, Line { peer: Some("bob".to_owned()), command: Command::Fin });
    }

    #[test]
    fn comments_and_empty_lines_are_no_commands() {
        assert_eq!(Line::parse("# a comment"), Ok(None));
        assert_eq!(Line::parse("  "), Ok(None));
    }

    #[test]
    fn what_is_wrong_with_a_line_is_said() {
        let wrong = [
            ("shout \"x\"", "no command `shout`"),
            ("send", "send needs a text"),
            ("fin now", "fin takes no `now`"),
            ("connect Bob!", "`Bob!` is no name"),
            ("wait for it", "no number of seconds"),
            ("wait 1e99", "no number of seconds"),
            ("wait NaN", "no number of seconds"),
            ("expect", "fin or rst"),
            ("save", "needs a name"),
        ];
        for (line, why) in wrong {
            let error = Line::parse(line).expect_err(line);
            assert!(error.contains(why), "{line}: {error}");
        }
    }
}
