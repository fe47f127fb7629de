//! A conversation as a test of the student's own.
//!
//! ```text
//!   labs/01-echo/tests/yours/main.rs    mod a_name;      cargo finds it by its place
//!   labs/01-echo/tests/yours/a_name.rs  the test         cargo test -p lab01 --test yours
//! ```
//!
//! The folder is the student's. `cargo lab test` gives no points for it, and neither `reset` nor a new
//! version of the labs touches it.

use std::fs;
use std::io;
use std::path::PathBuf;

use lab::course::labs::Lab;
use lab::files;

use crate::command::{Signal, is_name};
use crate::event::End;
use crate::story::Step;
use crate::text::byte_string;

/// What a new `main.rs` begins with.
const MAIN: &str = "\
//! Tests of my own. `cargo test -p PACKAGE --test yours` runs them.

";

/// Names that Rust keeps for itself, those that a test needs, and that of the file with the list.
const RESERVED: &str = "\
    server subject testkit as async await break const continue crate dyn else enum extern \
    false fn for gen if impl in let loop main match mod move mut pub ref return self static \
    struct super trait true type unsafe use where while abstract become box do final macro \
    override priv try typeof unsized virtual yield";

/// Whether neither a peer nor a test can have this name.
pub fn is_reserved(name: &str) -> bool {
    RESERVED.split_whitespace().any(|word| word == name)
}

/// Writes the test `name` of `lab`, and returns its path.
///
/// # Errors
///
/// The name is no name for a new test, or the file cannot be written.
pub fn write(lab: &Lab, name: &str, text: &str) -> Result<PathBuf, String> {
    if !is_name(name) || is_reserved(name) {
        return Err(format!("`{name}` is no name of a test; use small letters, digits and _"));
    }
    let folder = lab.path.join("tests").join("yours");
    let path = folder.join(format!("{name}.rs"));
    if path.exists() {
        return Err(format!("tests/yours/{name}.rs exists already; take another name"));
    }
    let written = || {
        files::write_whole(&path, text.as_bytes())?;
        add_to_list(lab, name, &folder.join("main.rs"))
    };
    written().map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    Ok(path)
}

/// Adds `mod NAME;` to the list, which the student may have edited.
fn add_to_list(lab: &Lab, name: &str, list: &std::path::Path) -> io::Result<()> {
    let mut text = match fs::read_to_string(list) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            MAIN.replace("PACKAGE", &lab.package())
        }
        Err(error) => return Err(error),
    };
    let line = format!("mod {name};");
    if !text.lines().any(|present| present.trim() == line) {
        text = with_module(&text, &line);
    }
    files::write_whole(list, text.as_bytes())
}

/// `text` with `line` in the order that rustfmt wants, among the modules at its end.
fn with_module(text: &str, line: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    let is_module = |line: &str| line.starts_with("mod ") && line.ends_with(';');
    let first = lines.iter().rposition(|line| !is_module(line)).map_or(0, |last| last + 1);
    // An attribute belongs to the module below it.
    let is_attribute = first > 0 && lines[first - 1].starts_with("#[");
    let first = (first + usize::from(is_attribute)).min(lines.len());
    let greater = lines[first..].iter().position(|module| *module > line);
    lines.insert(greater.map_or(lines.len(), |place| first + place), line);
    lines.join("\n") + "\n"
}

/// The test as Rust. `words` are the command and the arguments with which the program was started.
pub fn as_rust(
    lab: &Lab,
    name: &str,
    peers: &[String],
    words: &[String],
    steps: &[Step],
) -> String {
    let has_signal = steps.iter().any(|step| matches!(step, Step::Signal(_) | Step::Stops));
    let mutable = if has_signal { "mut " } else { "" };
    let mut lines =
        vec![format!("let {mutable}server = subject!(\"{}\"){};", lab.number, start(words))];
    lines.extend(steps.iter().map(|step| line(step, peers)));
    let body: String = lines.iter().map(|line| format!("    {line}\n")).collect();
    format!("use testkit::subject;\n\n#[test]\nfn {name}() {{\n{body}}}\n")
}

/// `.serve(["--max", "2"])`, or another command that listens.
fn start(words: &[String]) -> String {
    let quoted: Vec<String> = words.iter().skip(1).map(|word| format!("{word:?}")).collect();
    let arguments = format!("[{}]", quoted.join(", "));
    match words.first().map(String::as_str) {
        Some("serve") | None => format!(".serve({arguments})"),
        Some(command) => format!(".serve_as({command:?}, \"127.0.0.1:0\", {arguments})"),
    }
}

fn line(step: &Step, peers: &[String]) -> String {
    let peer = |index: &usize| &peers[*index];
    match step {
        Step::Opens { peer: index, is_udp } => {
            let call = if *is_udp { "udp_peer" } else { "connect" };
            format!("let mut {0} = server.{call}(\"{0}\");", peer(index))
        }
        Step::Sends { peer: index, pieces } => match &pieces[..] {
            [bytes] => format!("{}.send({});", peer(index), byte_string(bytes)),
            pieces => {
                let pieces: Vec<String> = pieces.iter().map(|piece| byte_string(piece)).collect();
                // The first one sets the type of all, which have different lengths.
                let (first, others) = (&pieces[0], &pieces[1..]);
                format!("{}.send_in_pieces(&[&{first}[..], {}]);", peer(index), others.join(", "))
            }
        },
        Step::Fin { peer: index } => format!("{}.half_close();", peer(index)),
        Step::Resets { peer: index } => format!("{}.reset();", peer(index)),
        Step::Receives { peer: index, bytes } => {
            format!("{}.expect({});", peer(index), byte_string(bytes))
        }
        Step::Ends { peer: index, how: End::Fin } => format!("{}.expect_end();", peer(index)),
        Step::Ends { peer: index, how: End::Reset } => format!("{}.expect_reset();", peer(index)),
        // The peers of the test kit need no such calls.
        Step::Reading { peer: index, goes_on: false } => {
            let name = peer(index);
            format!("// {name} stops reading. In a test, a peer reads only in an expectation.")
        }
        Step::Reading { peer: index, goes_on: true } => format!("// {} reads on.", peer(index)),
        Step::Unmet { peer: index, received } => {
            format!("// Did not hold: {} received {received}.", peer(index))
        }
        Step::Signal(Signal::Pause) => "server.pause();".to_owned(),
        Step::Signal(Signal::Resume) => "server.resume();".to_owned(),
        Step::Signal(Signal::Interrupt) => "server.interrupt();".to_owned(),
        Step::Signal(Signal::Terminate) => "server.terminate();".to_owned(),
        Step::Stops => "server.expect_stopped();".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::with_module;

    #[test]
    fn modules_are_sorted_and_other_lines_keep_their_place() {
        let added = |text: &str| with_module(text, "mod b;");
        assert_eq!(added("//! Mine.\n\n"), "//! Mine.\n\nmod b;\n");
        assert_eq!(added("//! Mine.\n\nmod a;\nmod c;\n"), "//! Mine.\n\nmod a;\nmod b;\nmod c;\n");
        assert_eq!(added("mod c;\n"), "mod b;\nmod c;\n");
        assert_eq!(
            added("#[cfg(unix)]\nmod c;\nmod d;\n"),
            "#[cfg(unix)]\nmod c;\nmod b;\nmod d;\n"
        );
        assert_eq!(added("mod c;\nfn help() {}\n"), "mod c;\nfn help() {}\nmod b;\n");
    }
}
