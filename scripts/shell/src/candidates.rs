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

/// The command line of `cargo lab` with the options of the programs that it starts.
pub fn whole_command_line() -> Command {
    let lab = CommandLine::command().name(NAME).bin_name(NAME);
    lab.mut_subcommand("trace", |_| trace::command_line().name("trace"))
        .mut_subcommand("compare", |_| compare::command_line().name("compare"))
        .mut_subcommand("grade", |_| grade::command_line().name("grade")) // instructors
        .mut_subcommand("drive", |_| drive::drive_command_line().name("drive"))
        .mut_subcommand("replay", |_| drive::replay_command_line().name("replay"))
        .mut_subcommand("handout", |_| handout::command_line().name("handout")) // instructors
        .mut_subcommand("report", |_| class_report::command_line().name("report")) // instructors
        .mut_subcommand("similar", |_| similarity::command_line().name("similar")) // instructors
}

/// The same for the shells. Its arguments know their candidates.
pub fn command() -> Command {
    let labs = Workspace::find().and_then(|workspace| labs::all(&workspace)).unwrap_or_default();
    let words: Vec<String> = env::args().skip_while(|word| word != "--").skip(1).collect();
    let typed = Typed { labs: &labs, named: lab_in(&labs, &words) };
    let all = whole_command_line();
    let commands = all.get_subcommands().map(word_of).collect::<Vec<Word>>();
    all.mut_subcommands(|command| {
        command.mut_args(|argument| match argument.get_id().as_str() {
            "command" => offering(argument, commands.clone()),
            id => match typed.candidates(id) {
                Some(candidates) => offering(argument, candidates),
                None => argument,
            },
        })
    })
}

fn word_of(command: &Command) -> Word {
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    Word::new(command.get_name(), &about)
}

/// What the user has typed, and the labs that it may name.
struct Typed<'a> {
    labs: &'a [Lab],
    /// The lab that a word names. Steps and tests are those of this lab.
    named: Option<&'a Lab>,
}

impl Typed<'_> {
    /// What the argument `id` of a command may be.
    fn candidates(&self, id: &str) -> Option<Vec<Word>> {
        match id {
            "lab" => Some(words_of(self.labs)),
            "step" | "diff" => Some(self.named.map(steps).unwrap_or_default()),
            "test" => Some(self.named.map(tests).unwrap_or_default()),
            _ => None,
        }
    }
}

/// The lab that a word names. The first word is `cargo-lab`.
fn lab_in<'a>(labs: &'a [Lab], words: &[String]) -> Option<&'a Lab> {
    words.iter().skip(1).find_map(|word| labs.iter().find(|lab| lab.is_called(word)))
}

/// `argument` with these candidates.
fn offering(argument: Arg, words: Vec<Word>) -> Arg {
    let candidates = move || words.iter().map(Word::candidate).collect();
    argument.add(ArgValueCandidates::new(candidates))
}

/// A word that may stand at the cursor.
#[derive(Clone)]
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
