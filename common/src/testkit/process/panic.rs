//! A panic in the program under test, as Rust's standard hook reports it on stderr.

use super::super::failure::Kind;

/// A panic, as Rust's standard hook reports it on stderr.
#[derive(Debug, PartialEq, Eq)]
pub struct Panic {
    place: String,
    message: String,
}

impl Panic {
    /// The first panic on `stderr`: what follows it is often its consequence.
    pub fn find(stderr: &str) -> Option<Panic> {
        let mut lines = stderr.lines();
        let place = lines.find_map(place_in)?;
        let is_other = |line: &str| line.starts_with("note: run with") || place_in(line).is_some();
        let message: Vec<&str> = lines.take_while(|line| !is_other(line)).collect();
        Some(Panic { place: place.to_owned(), message: message.join("\n").trim().to_owned() })
    }

    /// The step and the function of a `todo!("labNN, step STEP: FUNCTION")`.
    pub fn unwritten(&self) -> Option<(&str, &str)> {
        let text = self.message.strip_prefix("not yet implemented: ")?;
        text.split_once(", step ")?.1.split_once(": ")
    }

    pub fn kind(&self) -> Kind {
        if self.unwritten().is_some() { Kind::Unwritten } else { Kind::Panicked }
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
        let stderr = "a log line\n\nthread 'main' (77) panicked at labs/01-echo/src/lib.rs:12:5:\n\
                      not yet implemented: lab01, step listen: bind\nnote: run with `RUST_BACKTRACE=1`\n";
        let panic = Panic::find(stderr).expect("there is one");
        assert_eq!(panic.kind(), Kind::Unwritten);
        assert_eq!(
            panic.sentence("server"),
            "step listen is not written yet: bind, in labs/01-echo/src/lib.rs:12"
        );
        let panic =
            Panic::find("thread 'main' panicked at a.rs:1:2:\noh\nno\n").expect("there is one");
        assert_eq!(panic.sentence("client"), "The client panicked at a.rs:1: oh\nno");
        assert_eq!(Panic::find("all is well"), None);
        assert_eq!(Panic::find("peer: thread 'main' panicked at a.rs:1:2:\noh\n"), None);
    }
}
