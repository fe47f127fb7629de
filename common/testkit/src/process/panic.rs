//! A panic in the program under test, as Rust's standard hook reports it on stderr.

use crate::failure::Kind;

/// A panic, as Rust's standard hook reports it on stderr.
#[derive(Debug, PartialEq, Eq)]
pub struct Panic {
    place: String,
    message: String,
}

impl Panic {
    /// All panics on `stderr`, one for each thread at most.
    pub fn find_all(stderr: &str) -> Vec<Panic> {
        let lines: Vec<&str> = stderr.lines().collect();
        let places = lines.iter().enumerate().filter_map(|(at, line)| Some((at, place_in(line)?)));
        let panic = |(at, place): (usize, &str)| {
            let message = lines[at + 1..].iter().take_while(|line| !is_other(line));
            let message = message.copied().collect::<Vec<_>>().join("\n");
            Panic { place: place.to_owned(), message: message.trim().to_owned() }
        };
        places.map(panic).collect()
    }

    /// The step and the function of a `todo!("labNN, step STEP: FUNCTION")`.
    pub fn unwritten(&self) -> Option<(&str, &str)> {
        // Only the first panic has a note behind it; others may have the log's next line.
        let text = self.message.lines().next()?.strip_prefix("not yet implemented: ")?;
        text.split_once(", step ")?.1.split_once(": ")
    }

    pub fn kind(&self) -> Kind {
        if self.unwritten().is_some() { Kind::Unwritten } else { Kind::Panicked }
    }

    /// Whether its message has come: it may be written after its place.
    pub fn is_told(&self) -> bool {
        !self.message.is_empty()
    }

    pub fn sentence(&self, noun: &str) -> String {
        match self.unwritten() {
            Some((step, what)) => {
                format!("step {step} is not written yet: {what}, in {}", self.place)
            }
            None => format!("The {noun} panicked at {}: {}", self.place, self.message),
        }
    }
}

/// Whether a line is no longer the message of the panic before it.
fn is_other(line: &str) -> bool {
    line.starts_with("note: run with") || place_in(line).is_some()
}

/// `thread 'NAME' (ID) panicked at FILE:LINE:COLUMN:`, without the column, which nobody needs. Only
/// at the beginning of a line: a log may hold anything that a peer has said.
fn place_in(line: &str) -> Option<&str> {
    let (_, place) = line.strip_prefix("thread '")?.split_once(" panicked at ")?;
    let place = place.trim_end_matches(':');
    Some(place.rsplit_once(':').map_or(place, |(place, _)| place))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_found_on_stderr_with_its_place_and_message() {
        let stderr = "a log line\n\nthread 'main' (77) panicked at labs/01-echo/src/listen.rs:12:5:\n\
                      not yet implemented: lab01, step listen: bind\nnote: run with `RUST_BACKTRACE=1`\n";
        let [panic] = &Panic::find_all(stderr)[..] else { panic!("there is one") };
        assert_eq!(panic.kind(), Kind::Unwritten);
        assert_eq!(
            panic.sentence("server"),
            "step listen is not written yet: bind, in labs/01-echo/src/listen.rs:12"
        );
        let panics = Panic::find_all("thread 'main' panicked at a.rs:1:2:\noh\nno\n");
        assert_eq!(panics[0].sentence("client"), "The client panicked at a.rs:1: oh\nno");
        assert_eq!(Panic::find_all("all is well"), []);
        assert_eq!(Panic::find_all("peer: thread 'main' panicked at a.rs:1:2:\noh\n"), []);
    }

    #[test]
    fn of_several_panics_each_is_found() {
        let stderr = "thread 'a' panicked at a.rs:1:2:\nnot yet implemented: lab01, step echo: echo\n\
                      note: run with `RUST_BACKTRACE=1`\n\nthread 'b' panicked at b.rs:3:4:\nno\n\n\
                      thread 'c' panicked at c.rs:5:6:\nnot yet implemented: lab01, step serve: serve\n\
                      a log line\n";
        let panics = Panic::find_all(stderr);
        assert_eq!(panics.len(), 3);
        assert_eq!(panics[0].unwritten(), Some(("echo", "echo")));
        assert_eq!(panics[1].sentence("server"), "The server panicked at b.rs:3: no");
        assert_eq!(panics[2].unwritten(), Some(("serve", "serve")));
    }
}
