//! What may stand at the cursor: commands and options as clap knows them, and the labs, steps and
//! tests of this workspace.

use std::env;

use clap::{Arg, Command, CommandFactory};
use clap_complete::engine::{ArgValueCandidates, CompletionCandidate};
use lab::commands::command_line::CommandLine;
use lab::course::labs::{self, Lab};
use lab::workspace::Workspace;

/// The name under which the shells complete. No such program exists.
pub const NAME: &str = "cargo-lab";

/// The command line of `cargo lab`. Its arguments know their candidates.
pub fn command() -> Command {
    let labs = Workspace::find().and_then(|workspace| labs::all(&workspace)).unwrap_or_default();
    let named = lab_in(&labs, env::args().skip_while(|word| word != "--"));
    CommandLine::command().name(NAME).bin_name(NAME).mut_subcommands(|command| {
        command.mut_args(|argument| with_candidates(argument, &labs, named))
    })
}

/// The lab that a word before the cursor names. Steps and tests are those of this lab.
fn lab_in(labs: &[Lab], words: impl Iterator<Item = String>) -> Option<&Lab> {
    let mut words = words.skip(1);
    words.find_map(|word| labs.iter().find(|lab| lab.is_called(&word)))
}

/// `argument` with the candidates that its name stands for.
fn with_candidates(argument: Arg, labs: &[Lab], named: Option<&Lab>) -> Arg {
    let words = match argument.get_id().as_str() {
        "lab" => words_of(labs),
        "step" => named.map(steps).unwrap_or_default(),
        "test" => named.map(tests).unwrap_or_default(),
        // Those of another program: a lab, and for some of them a test.
        "arguments" => named.map_or_else(|| words_of(labs), tests),
        _ => return argument,
    };
    let candidates = move || words.iter().map(Word::candidate).collect();
    argument.add(ArgValueCandidates::new(candidates))
}

/// A word that may stand at the cursor.
struct Word {
    word: String,
    help: String,
}

impl Word {
    fn new(word: &str, help: &str) -> Word {
        Word { word: word.to_owned(), help: help.to_owned() }
    }

    fn candidate(&self) -> CompletionCandidate {
        CompletionCandidate::new(&self.word).help(Some(self.help.clone().into()))
    }
}

fn words_of(labs: &[Lab]) -> Vec<Word> {
    labs.iter().map(|lab| Word::new(&lab.folder(), &lab.manifest.title)).collect()
}

fn steps(lab: &Lab) -> Vec<Word> {
    lab.steps().iter().map(|step| Word::new(&step.name, &step.idea)).collect()
}

fn tests(lab: &Lab) -> Vec<Word> {
    let steps = lab.steps().iter();
    let pairs = steps.flat_map(|step| step.tests.iter().map(move |test| (test, step)));
    pairs.map(|(test, step)| Word::new(test, &step.name)).collect()
}
