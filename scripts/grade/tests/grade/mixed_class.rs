//! A class of lab 07 in a fixed mix, as large as you want. It takes minutes, so it runs by explicit word:
//!
//! ```sh
//! LAB_SUBMISSIONS=100 cargo test -p grade -- --ignored --nocapture mixed_class
//! ```

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

use ledger::{Entry, Verdict};
use process_tree::poll::poll_for;

use crate::attacks::{Attack, Place};
use crate::class::{Class, ResultOf, entries_in, has_sandbox, results, workspace};

pub const LAB: &str = "07-file-transfer";

/// How many submissions there are, if LAB_SUBMISSIONS does not say.
const FEW: usize = 10;

/// How often the grader is killed.
const KILLS: usize = 5;

/// How long the class may take to its next entry.
const TIME: Duration = Duration::from_secs(600);

const SERVE: Place = Place {
    file: "serve.rs",
    function: "pub fn serve(listener: &TcpListener, shared: &Shared) -> io::Result<()> {",
};

/// One of ten submissions is one of these, in turn.
const ATTACKS: [&str; 10] = [
    "leaves-a-daemon",
    "exits-with-success",
    "patches-the-judge",
    "mounts-and-unshares",
    "includes-the-solution",
    "detects-the-grader",
    "takes-memory",
    "starts-a-crowd-of-processes",
    "prints-results-of-libtest",
    "spins",
];

/// Of ten submissions, three are model answers, four have a mistake, two are stubs, and one attacks.
pub fn mixed_class(size: usize) -> Class {
    let class = Class::of(LAB);
    let mistakes = mistakes();
    for number in 0..size {
        let (ten, place) = (number / 10, number % 10);
        let student = |kind: &str| format!("{number:03}-{kind}");
        let src = match place {
            0..3 => class.add_answer(&student("model"), "solutions"),
            3..7 => {
                let src = class.add_answer(&student("mistake"), "solutions");
                apply(&mistakes[(ten * 4 + place) * 29 % mistakes.len()], &src);
                src
            }
            7..9 => class.add_answer(&student("stub"), "labs"),
            _ => {
                let attack = Attack::named(ATTACKS[ten % ATTACKS.len()]);
                let src = class.add_answer(&student("attack"), attack.base());
                attack.insert(&src, &SERVE, "127.0.0.1:9", Path::new("/nowhere"));
                src
            }
        };
        // Students with the same files are judged once.
        let file = src.join(SERVE.file);
        let text = fs::read_to_string(&file).expect("it is there");
        fs::write(file, format!("{text}// {number}\n")).expect("written");
    }
    class
}

fn mistakes() -> Vec<std::path::PathBuf> {
    let folder = workspace().join("solutions").join(LAB).join("mistakes");
    let mut patches = lab::files::files_under(&folder);
    patches.sort();
    patches
}

fn apply(patch: &Path, src: &Path) {
    let folder = src.parent().expect("a folder");
    let mut git = Command::new("git");
    git.current_dir(folder).env("GIT_CEILING_DIRECTORIES", folder).arg("apply").arg(patch);
    assert!(git.status().expect("git starts").success(), "{}", patch.display());
}

/// How many submissions there are.
pub fn size() -> usize {
    let wanted = std::env::var("LAB_SUBMISSIONS");
    wanted.ok().and_then(|text| text.parse().ok()).unwrap_or(FEW)
}

/// Starts the grader, and kills it after `entries` and a while.
fn grade_and_kill(class: &Class, entries: usize) {
    let mut command = class.command(&[]);
    let mut grader =
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
    let out = class.path().join("out");
    let count = || entries_in(&out).map_or(0, |found| found.len());
    assert!(poll_for(TIME, || count() >= entries), "{} entries, not {entries}", count());
    let nanoseconds = SystemTime::UNIX_EPOCH.elapsed().expect("after 1970").subsec_nanos();
    poll_for(Duration::from_millis(u64::from(nanoseconds % 3_000)), || false);
    grader.kill().and_then(|()| grader.wait().map(drop)).expect("it is ours");
    eprintln!("killed with {} entries", count());
}

fn print_costs(entries: &[Entry], time: Duration) {
    let mut costs: Vec<u64> = entries.iter().map(|entry| entry.cpu_ms).collect();
    costs.sort_unstable();
    let all = costs.iter().sum::<u64>() as f64 / 1000.0;
    let median = costs[costs.len() / 2];
    let minutes = time.as_secs_f64() / 60.0;
    eprintln!(
        "{} submissions: {all:.1} s of CPU, median {median} ms; {minutes:.1} minutes",
        costs.len()
    );
}

/// The verdicts of the class, which do not depend on a suite.
fn check_kinds(results: &[ResultOf]) {
    for (student, _, verdict, points, _) in results {
        match student.split_once('-').map_or("", |(_, kind)| kind) {
            "model" => assert_eq!((*verdict, *points), (Verdict::Passed, 100), "{student}"),
            "stub" => assert_eq!((*verdict, *points), (Verdict::Failed, 0), "{student}"),
            _ => assert_ne!(*verdict, Verdict::GraderError, "{student}"),
        }
    }
}

fn assert_same(one: &[ResultOf], other: &[ResultOf], what: &str) {
    let pairs = one.iter().zip(other);
    let differences: Vec<_> = pairs.filter(|(one, other)| one != other).collect();
    assert!(differences.is_empty() && one.len() == other.len(), "{what}: {differences:#?}");
}

#[test]
#[ignore = "it takes minutes"]
fn a_large_class_gets_the_same_results_in_one_go_killed_and_in_shards() {
    if !has_sandbox() {
        return;
    }
    let class = mixed_class(size());
    let out = class.path().join("out");
    let began = Instant::now();
    class.grade(&[]);
    print_costs(&class.entries(), began.elapsed());
    let whole = results(&out);
    assert_eq!(whole.len(), size());
    check_kinds(&whole);
    fs::remove_dir_all(&out).expect("removed");

    for kill in 1..=KILLS {
        grade_and_kill(&class, size() * kill / (KILLS + 1));
    }
    class.grade(&[]);
    assert_same(&whole, &results(&out), "killed and resumed");
    fs::remove_dir_all(&out).expect("removed");

    let began = Instant::now();
    for shard in ["1/3", "2/3", "3/3"] {
        class.grade(&["--shard", shard]);
    }
    print_costs(&class.entries(), began.elapsed());
    assert_same(&whole, &results(&out), "in three shards");
}
