//! A panic in the program under test, as Rust's standard hook reports it on stderr.

use report::{Kind, Place, Role, Unwritten};

/// A panic, in its parts. From here on no text of it is parsed any more.
#[derive(Debug, PartialEq, Eq)]
pub struct Panic {
    pub place: Place,
    /// The name of the thread, as the hook has it.
    pub thread: String,
    /// Empty until it has come. The program may write it after the place.
    pub message: String,
    /// The unwritten function, if the panic came from a `todo!("labNN, step STEP: FUNCTION")`.
    pub unwritten: Option<Unwritten>,
}

impl Panic {
    /// All panics on `stderr`, one for each thread at most.
    pub fn find_all(stderr: &str) -> Vec<Panic> {
        let lines: Vec<&str> = stderr.lines().collect();
        let places = lines.iter().enumerate().filter_map(|(at, line)| Some((at, place_in(line)?)));
        let panic = |(at, (thread, place)): (usize, (String, Place))| {
            let message = lines[at + 1..].iter().take_while(|line| !is_other(line));
            let message = message.copied().collect::<Vec<_>>().join("\n").trim().to_owned();
            Panic { place, thread, unwritten: unwritten_in(&message), message }
        };
        places.map(panic).collect()
    }

    pub fn kind(&self) -> Kind {
        if self.unwritten.is_some() { Kind::Unwritten } else { Kind::Panicked }
    }

    /// Whether the place is in the sources of std, as rustc names them on every machine.
    fn is_in_std(&self) -> bool {
        self.place.file.starts_with("/rustc/")
    }

    pub fn sentence(&self, role: Role) -> String {
        let Panic { place, message, unwritten, .. } = self;
        match unwritten {
            Some(unwritten) => unwritten.sentence(place),
            // Only a backtrace has the place of the call, and a backtrace takes much time.
            None if self.is_in_std() => format!(
                "The {role} panicked inside the standard library, which your code called in thread \
                 `{}`: {message}",
                self.thread
            ),
            None => format!("The {role} panicked at {place}: {message}"),
        }
    }
}

/// The lines of `stderr` without the panics of unwritten functions. What else the program says may be
/// the cause of a failure.
pub fn lines_but_unwritten(stderr: &str) -> Vec<&str> {
    let lines: Vec<&str> = stderr.lines().collect();
    let is_unwritten = |at: usize| {
        place_in(lines[at]).is_some()
            && lines.get(at + 1).is_some_and(|message| unwritten_in(message).is_some())
    };
    let is_said = |at: &usize| !is_unwritten(*at) && (*at == 0 || !is_unwritten(*at - 1));
    (0..lines.len()).filter(is_said).map(|at| lines[at]).collect()
}

/// The step and the function in a message of `todo!("labNN, step STEP: FUNCTION")`.
fn unwritten_in(message: &str) -> Option<Unwritten> {
    // Only the first panic has a note behind it; others may have the log's next line.
    let text = message.lines().next()?.strip_prefix("not yet implemented: ")?;
    let (step, function) = text.split_once(", step ")?.1.split_once(": ")?;
    Some(Unwritten { step: step.to_owned(), function: function.to_owned() })
}

/// Whether a line is no longer the message of the panic before it.
fn is_other(line: &str) -> bool {
    line.starts_with("note: run with") || place_in(line).is_some()
}

/// The thread and the place of `thread 'NAME' (ID) panicked at FILE:LINE:COLUMN:`. Only at the beginning of
/// a line, because a log may hold anything that a peer has sent.
fn place_in(line: &str) -> Option<(String, Place)> {
    let (thread, place) = line.strip_prefix("thread '")?.split_once(" panicked at ")?;
    let (thread, _id) = thread.split_once('\'')?;
    let (place, _column) = place.trim_end_matches(':').rsplit_once(':')?;
    let (file, line) = place.rsplit_once(':')?;
    let place = Place { file: file.to_owned(), line: line.parse().ok()? };
    Some((thread.to_owned(), place))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unwritten(name: &str) -> Option<Unwritten> {
        Some(Unwritten { step: name.to_owned(), function: name.to_owned() })
    }

    #[test]
    fn lines_beside_an_unwritten_function_are_not_lost() {
        let panic =
            |message| format!("\nthread 'main' (77) panicked at src/a.rs:12:5:\n{message}\n");
        let unwritten = panic("not yet implemented: lab05, step goodbye: say_goodbye");
        let stderr = format!("first{unwritten}note: run with `RUST_BACKTRACE=1`\nlast\n");
        let note = "note: run with `RUST_BACKTRACE=1`";
        assert_eq!(lines_but_unwritten(&stderr), ["first", note, "last"]);
        assert_eq!(lines_but_unwritten(&panic("too much")).len(), 3);
    }

    #[test]
    fn a_panic_is_found_on_stderr_with_its_place_and_message() {
        let stderr = "a log line\n\nthread 'main' (77) panicked at labs/01-echo/src/listen.rs:12:5:\n\
                      not yet implemented: lab01, step listen: bind\nnote: run with `RUST_BACKTRACE=1`\n";
        let [panic] = &Panic::find_all(stderr)[..] else { panic!("there is one") };
        assert_eq!(panic.kind(), Kind::Unwritten);
        assert_eq!(
            panic.sentence(Role::Server),
            "step listen is not written yet: bind, in labs/01-echo/src/listen.rs:12"
        );
        let panics = Panic::find_all("thread 'main' panicked at a.rs:1:2:\noh\nno\n");
        assert_eq!(panics[0].sentence(Role::Client), "The client panicked at a.rs:1: oh\nno");
        assert_eq!(Panic::find_all("all is well"), []);
        assert_eq!(Panic::find_all("peer: thread 'main' panicked at a.rs:1:2:\noh\n"), []);
    }

    #[test]
    fn a_panic_inside_std_names_the_thread_that_called() {
        let panics = Panic::find_all(
            "thread 'main' (77) panicked at /rustc/ded5c06/library/core/src/num/mod.rs:1536:5:\n\
             from_ascii_radix_panic\n",
        );
        assert_eq!(
            panics[0].sentence(Role::Client),
            "The client panicked inside the standard library, which your code called in thread \
             `main`: from_ascii_radix_panic"
        );
    }

    #[test]
    fn of_several_panics_each_is_found() {
        let stderr = "thread 'a' panicked at a.rs:1:2:\nnot yet implemented: lab01, step echo: echo\n\
                      note: run with `RUST_BACKTRACE=1`\n\nthread 'b' panicked at b.rs:3:4:\nno\n\n\
                      thread 'c' panicked at c.rs:5:6:\nnot yet implemented: lab01, step serve: serve\n\
                      a log line\n";
        let panics = Panic::find_all(stderr);
        assert_eq!(panics.len(), 3);
        assert_eq!(panics[0].unwritten, unwritten("echo"));
        assert_eq!(panics[1].sentence(Role::Server), "The server panicked at b.rs:3: no");
        assert_eq!(panics[2].unwritten, unwritten("serve"));
    }
}
