//! Builds and starts the program, and waits until it listens.

use std::net::SocketAddr;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use lab::build::cargo::Verbosity;
use lab::build::program::{Program as Package, Reporting};
use lab::course::labs::Lab;
use lab::error::Error;
use lab::workspace::Workspace;
use report::env::{self, SUBJECT, scale_deadline};

use crate::event::Event;
use crate::screen::Screen;

/// How long a program may take to listen.
const STARTING: Duration = Duration::from_secs(10);

/// The words of the command to drive, without arguments: `LAB_SUBJECT`, or else the lab's program,
/// built now. `None`: it does not compile, and its errors were printed.
pub fn command(
    workspace: &Workspace,
    lab: &Lab,
    color: bool,
) -> Result<Option<Vec<String>>, Error> {
    if let Some(subject) = env::subject() {
        let words = shlex::split(&subject).filter(|words| !words.is_empty());
        return words
            .map(Some)
            .ok_or_else(|| Error::usage(format!("{SUBJECT} is no command"), subject));
    }
    let reporting = Reporting { verbosity: Verbosity::Normal, color };
    let built = Package::of_student(workspace, lab).build_with_cargo(|_| (), reporting)?;
    if !built.compiled {
        eprint!("{}", built.errors());
        return Ok(None);
    }
    let program = built.executable(&lab.package())?;
    Ok(Some(vec![program.to_string_lossy().into_owned()]))
}

/// Waits until the program has printed `listening on ADDRESS`.
///
/// # Errors
///
/// It does not listen, and why.
pub fn address(events: &Receiver<Event>, screen: &mut Screen) -> Result<SocketAddr, String> {
    let deadline = Instant::now() + scale_deadline(STARTING);
    loop {
        match events.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(Event::Printed { stream, line }) => {
                let address = line.strip_prefix("listening on ").map(str::parse);
                match address.filter(|_| stream == "stdout") {
                    Some(Ok(address)) => {
                        screen.note(&line);
                        return Ok(address);
                    }
                    _ => screen.note(&format!("{stream}: {line}")),
                }
            }
            Ok(Event::Closed) => return Err("the program ended before it listened".to_owned()),
            Ok(Event::Interrupted) => return Err("interrupted".to_owned()),
            Ok(_) => (),
            Err(_) => {
                let seconds = scale_deadline(STARTING).as_secs();
                return Err(format!(
                    "the program did not print `listening on ADDRESS` in {seconds} s"
                ));
            }
        }
    }
}
