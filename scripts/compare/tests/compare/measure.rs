//! Real servers under a small load: the model answers, and programs that stall or die.

#[cfg(unix)]
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

use compare::load::load_of;
use compare::plan::Plan;
use compare::round::{self, Round};
use manifest::{Manifest, Shape};

/// Programs of a busy machine may need longer than a short round. Then the round is repeated with
/// more time, and only the last one decides.
const SECONDS: [f64; 4] = [0.1, 0.5, 3.0, 12.0];

fn measure(command: &[String], plan: &Plan) -> Round {
    let load = load_of(plan).expect("the load can be prepared");
    round::run(command, load.as_ref(), plan)
}

/// Measures `command` until `served` clients were served, and returns that round or the last one.
fn until_served(command: &[String], plan: &Plan, served: usize) -> Round {
    let mut round = Round::default();
    for seconds in SECONDS {
        let time = Duration::from_secs_f64(seconds);
        round = measure(command, &Plan { time, ..plan.clone() });
        if round.served >= served && round.units > 0 {
            break;
        }
    }
    round
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// The folders of the model answers, which a handout does not have.
fn solutions() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root().join("solutions")).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).filter(|path| path.join("src").is_dir()).collect()
}

/// Builds all model answers, and returns the program of the lab with this number.
fn model(number: &str) -> Vec<String> {
    static BUILT: OnceLock<()> = OnceLock::new();
    BUILT.get_or_init(|| {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.current_dir(root()).args(["build", "--quiet", "--bins"]);
        for folder in solutions() {
            cargo.args(["--package", &format!("solution{}", number_of(&folder))]);
        }
        lab::command::strip_cargo_variables(&mut cargo);
        assert!(cargo.status().expect("cargo runs this test").success());
    });
    let test = std::env::current_exe().expect("this test has a path");
    let folder = test.ancestors().nth(2).expect("target/debug/deps/test");
    let program = format!("solution{number}{}", std::env::consts::EXE_SUFFIX);
    vec![folder.join(program).to_string_lossy().into_owned()]
}

fn number_of(folder: &Path) -> String {
    let name = folder.file_name().expect("it has a name").to_string_lossy();
    name.split('-').next().unwrap_or_default().to_owned()
}

#[test]
fn the_load_of_each_lab_fits_its_model_answer() {
    for folder in solutions() {
        let lab = root().join("labs").join(folder.file_name().expect("it has a name"));
        let manifest = Manifest::read(&lab).expect("a manifest");
        let plan = Plan::of(&manifest.load.expect("each lab brings its load"));
        // A client of lab 01 waits until the client before it has left.
        let plan = Plan { clients: plan.clients.min(3), ..plan };
        let round = until_served(&model(&number_of(&folder)), &plan, plan.clients);
        assert_eq!(round.problem, None, "{}", lab.display());
        assert_eq!(round.served, plan.clients, "{}", lab.display());
        assert!(round.units > 0 && !round.latencies_ns.is_empty(), "{}", lab.display());
    }
}

#[test]
fn of_a_server_for_one_client_at_a_time_one_client_is_served() {
    if solutions().is_empty() {
        return;
    }
    let plan = Plan { shape: Shape::Echo, ..small(4) };
    let round = until_served(&model("01"), &plan, 1);
    assert_eq!(round.served, 1);
    assert_eq!(round.problem, None);
}

#[test]
fn a_server_of_another_protocol_has_wrong_answers() {
    if solutions().is_empty() {
        return;
    }
    let mut problems = SECONDS.iter().filter_map(|seconds| {
        let time = Duration::from_secs_f64(*seconds);
        measure(&model("01"), &Plan { time, ..small(1) }).problem
    });
    assert_eq!(problems.next().as_deref(), Some("the server sent a wrong answer"));
}

/// Lines for lab 02, in a round that is over soon.
fn small(clients: usize) -> Plan {
    let time = Duration::from_millis(100);
    Plan { shape: Shape::Lines, clients, message_bytes: 64, in_flight: 1, time }
}

/// A shell that prints `line` and then runs `rest`.
#[cfg(unix)]
fn shell(line: &str, rest: &str) -> Vec<String> {
    ["sh", "-c", &format!("echo '{line}'; {rest}")].map(str::to_owned).to_vec()
}

#[test]
#[cfg(unix)]
fn a_server_that_never_accepts_ends_the_round_in_time() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback");
    let line = format!("listening on {}", listener.local_addr().expect("it is bound"));
    let round = measure(&shell(&line, "sleep 60"), &small(2));
    assert_eq!((round.served, round.units), (0, 0));
    assert_eq!(round.problem, None);
}

#[test]
#[cfg(unix)]
fn a_room_that_nobody_enters_ends_the_round_in_time() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback");
    let line = format!("listening on {}", listener.local_addr().expect("it is bound"));
    let round = measure(&shell(&line, "sleep 60"), &Plan { shape: Shape::Room, ..small(2) });
    assert_eq!((round.served, round.units), (0, 0));
}

#[test]
#[cfg(unix)]
fn a_server_that_dies_is_reported_with_its_last_line() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback");
    let line = format!("listening on {}", listener.local_addr().expect("it is bound"));
    let dying = shell(&line, "echo 'error: disk full' >&2; exit 3");
    // On a busy machine, the shell may still run at the end of a short round.
    let mut problems = SECONDS.iter().filter_map(|seconds| {
        let time = Duration::from_secs_f64(*seconds);
        measure(&dying, &Plan { time, ..small(2) }).problem
    });
    let problem = problems.next();
    assert_eq!(problem.as_deref(), Some("ended (exit status: 3): error: disk full"));
}

#[test]
#[cfg(unix)]
fn a_program_that_is_no_server_is_reported() {
    let problem = |command: &[String]| measure(command, &small(1)).problem.expect("no server");
    let talker = problem(&shell("hello", "sleep 60"));
    assert_eq!(talker, "printed `hello`, not `listening on ADDR`");
    let quitter = problem(&["true".to_owned()]);
    assert_eq!(quitter, "ended (exit status: 0)");
    let missing = problem(&["/no/such/program".to_owned()]);
    assert_eq!(missing, "cannot start: no such file or directory");
}

#[test]
fn a_load_that_could_block_is_refused() {
    let problem = |plan: Plan| plan.problem().is_some();
    assert!(!problem(small(1)));
    assert!(problem(small(0)));
    assert!(problem(Plan { in_flight: 0, ..small(1) }));
    assert!(problem(Plan { in_flight: 2000, ..small(1) }));
    assert!(problem(Plan { message_bytes: 1, ..small(1) }));
    assert!(problem(Plan { message_bytes: 4, shape: Shape::Frames, ..small(1) }));
}
