//! The corpus of attacks: `tests/attacks/*.rs`, each with the verdict that it must get.
//!
//! Each file becomes a part of `listen.rs`, in the model answer or in the stub. Its function `attack`
//! is called at each start of a server.

use std::collections::BTreeMap;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process;
use std::time::Duration;

use lab::files;
use ledger::{Entry, Verdict};
use process_tree::poll::poll_for;

use crate::class::{Class, has_sandbox, workspace};

/// Where an attack is inserted.
pub struct Place {
    /// In this file of `src`.
    pub file: &'static str,
    /// At the beginning of this function.
    pub function: &'static str,
}

const LISTEN: Place = Place {
    file: "listen.rs",
    function: "pub fn listen(address: SocketAddr) -> io::Result<TcpListener> {",
};

/// A secret of the instructor, in the environment and in a file.
const CANARY: &str = "canary-5b1e7c90";

/// A time to sleep that no other process has, also if this test runs twice on this machine.
fn daemon_seconds() -> String {
    format!("61.{:07}", process::id())
}

/// By this an attack tells what it could do. A stub that panics at a step would hide its output. Here
/// the tests see that it exits, so the verdict is not the expected one.
const STOLEN: &str = r#"
#[allow(dead_code)]
fn stolen(what: &str) -> ! {
    eprintln!("STOLEN {what}");
    std::process::exit(3);
}
"#;

/// Attacks that can do without a sandbox what they try, and change nothing on this machine.
const CONTROLS: [&str; 5] = [
    "compiles-the-environment-in",
    "links-a-crate-of-the-runner",
    "prints-its-environment",
    "reaches-a-service",
    "reads-passwords",
];

/// A class, and what its attacks look for: a secret in a file, and a service on this machine.
struct Target {
    class: Class,
    service: TcpListener,
    canary: PathBuf,
}

impl Target {
    fn new() -> Target {
        let class = Class::new();
        let canary = class.path().join("canary");
        fs::write(&canary, CANARY).expect("written");
        Target { class, service: TcpListener::bind("127.0.0.1:0").expect("a port"), canary }
    }

    fn submit(&self, attacks: &[Attack]) {
        let service = self.service.local_addr().expect("an address").to_string();
        attacks.iter().for_each(|attack| attack.submit(&self.class, &service, &self.canary));
    }

    /// Grades the class with these arguments, and with a secret in the environment.
    fn grade(&self, arguments: &[&str]) -> String {
        let mut command = self.class.command(arguments);
        let output = command.env("CANARY_VARIABLE", CANARY).output().expect("it starts");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{said}");
        said
    }
}

/// An attack of the corpus.
pub struct Attack {
    name: String,
    text: String,
}

impl Attack {
    /// The attack called `name`.
    pub fn named(name: &str) -> Attack {
        let found = Attack::all().into_iter().find(|attack| attack.name == name);
        found.unwrap_or_else(|| panic!("there is no attack {name}"))
    }

    fn all() -> Vec<Attack> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/attacks");
        let attack = |path: PathBuf| Attack {
            name: path.file_stem().expect("a name").to_string_lossy().into_owned(),
            text: fs::read_to_string(&path).expect("it can be read"),
        };
        files::rust_files(&folder).into_iter().map(attack).collect()
    }

    fn field(&self, name: &str) -> &str {
        let line = self.text.lines().find_map(|line| line.strip_prefix("// ")?.strip_prefix(name));
        line.unwrap_or_else(|| panic!("{} has no line {name}", self.name)).trim()
    }

    fn submit(&self, class: &Class, service: &str, canary: &Path) {
        let src = class.add_answer(&self.name, self.base());
        self.insert(&src, &LISTEN, service, canary);
    }

    /// The folder with the answer that it becomes a part of.
    pub fn base(&self) -> &'static str {
        if self.field("base:") == "model" { "solutions" } else { "labs" }
    }

    /// Inserts it at `place` of the sources in `src`.
    pub fn insert(&self, src: &Path, place: &Place, service: &str, canary: &Path) {
        let text = self
            .text
            .replace("WORKSPACE", &workspace().to_string_lossy())
            .replace("DAEMON_SECONDS", &daemon_seconds())
            .replace("SERVICE", service)
            .replace("CANARY_FILE", &canary.to_string_lossy());
        let file = src.join(place.file);
        let honest = fs::read_to_string(&file).expect("it is there");
        let call = format!("{}\n    attack();", place.function);
        let hostile = honest.replace(place.function, &call);
        assert_ne!(hostile, honest, "{} has no {}", place.file, place.function);
        fs::write(file, hostile + "\n" + &text + STOLEN).expect("written");
    }

    /// The differences between its entry and the expected one.
    fn problems(&self, entry: &Entry) -> Vec<String> {
        let (name, mut problems) = (&self.name, Vec::new());
        let verdict = serde_json::to_value(entry.verdict).expect("a name");
        let (wanted, points) = (self.field("verdict:"), self.field("points:"));
        if wanted != "any" && verdict != wanted {
            problems.push(format!("{name}: {verdict}, not {wanted}; {:?}", entry.reason));
        }
        if points != "any" && points != entry.points.to_string() {
            problems.push(format!("{name}: {} points, not {points}", entry.points));
        }
        let text = serde_json::to_string(entry).expect("JSON");
        for stolen in [CANARY, "STOLEN ", "root:"] {
            // rustc quotes the source that it refuses.
            if entry.compiler.is_none() && text.contains(stolen) {
                problems.push(format!("{name} has read {stolen:?}"));
            }
        }
        problems
    }
}

/// Grades the attacks, a model answer and a stub as one class. No attack gains a point, reads a secret,
/// leaves anything behind, or changes another verdict.
#[test]
fn no_attack_gains_reads_leaves_or_changes_anything() {
    if !has_sandbox() {
        return;
    }
    let target = Target::new();
    let class = &target.class;
    let attacks = Attack::all();
    target.submit(&attacks);
    class.add_answer("a-model", "solutions");
    class.add_answer("z-stub", "labs");

    let before = guarded_files();
    let said = target.grade(&["--time-limit", "90s"]);

    let entries = class.entries();
    let entry = |student: &str| {
        let mut found = entries.iter().filter(|entry| entry.student.id == student);
        found.next_back().unwrap_or_else(|| panic!("no entry of {student}: {said}"))
    };
    let problems = attacks.iter().flat_map(|attack| attack.problems(entry(&attack.name)));
    assert_eq!(problems.collect::<Vec<String>>(), Vec::<String>::new(), "{said}");
    let reason = entry("computes-while-it-compiles").reason.as_deref().unwrap_or_default();
    assert!(reason.starts_with("The compiler "), "{reason}");
    assert_eq!((entry("a-model").verdict, entry("a-model").points), (Verdict::Passed, 100));
    assert_eq!((entry("z-stub").verdict, entry("z-stub").points), (Verdict::Failed, 0));

    assert_eq!(changes(&before, &guarded_files()), Vec::<String>::new());
    // bwrap may end before the processes of its box are dead.
    let are_dead = poll_for(Duration::from_secs(5), || processes_left().is_empty());
    assert!(are_dead, "{:?}", processes_left());
    let left =
        ["/tmp", "/var/tmp", "/dev/shm"].map(|folder| Path::new(folder).join("wirelab-attack"));
    assert!(left.iter().all(|file| !file.exists()), "a file is left");
    target.service.set_nonblocking(true).expect("it can be asked");
    assert!(target.service.accept().is_err(), "a program reached the service");
}

/// Without a sandbox, the same attacks succeed, and their entries tell it.
#[test]
fn without_a_sandbox_the_entry_of_an_attack_tells_what_it_has_stolen() {
    if !has_sandbox() {
        return;
    }
    let target = Target::new();
    let is_control = |attack: &Attack| CONTROLS.contains(&attack.name.as_str());
    let attacks: Vec<Attack> = Attack::all().into_iter().filter(is_control).collect();
    target.submit(&attacks);
    target.grade(&["--sandbox", "none"]);
    for attack in &attacks {
        let problems = attack.problems(&target.class.entry(&attack.name));
        let has = |part: &str| problems.iter().any(|problem| problem.contains(part));
        let name = &attack.name;
        assert!(has("not failed") && has("has read \"STOLEN"), "{name}: {problems:?}");
    }
    assert_eq!(attacks.len(), CONTROLS.len());
}

/// The files that an attack would change, by their contents.
fn guarded_files() -> BTreeMap<PathBuf, String> {
    let root = workspace();
    let folders = ["labs/01-echo", "solutions/01-echo", ".cargo", ".lab"];
    let more = ["target/debug/solution01", "target/debug/.lab-sources", ".git/hooks"];
    let paths: Vec<PathBuf> = folders.iter().chain(&more).map(|path| root.join(path)).collect();
    let fingerprint = |path: PathBuf| {
        let fingerprint = files::content_fingerprint(std::slice::from_ref(&path));
        (path, fingerprint)
    };
    files::files_at(&paths).map(fingerprint).collect()
}

fn changes(before: &BTreeMap<PathBuf, String>, after: &BTreeMap<PathBuf, String>) -> Vec<String> {
    // The grader itself writes these when it builds for the first time.
    let is_ours = |path: &Path| {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        let name = name.unwrap_or_default();
        name == "suite-01.json" || name == "rustc-lab01.json" || name.starts_with("solution01")
    };
    let paths = before.keys().chain(after.keys());
    let changed = paths.filter(|path| !is_ours(path) && before.get(*path) != after.get(*path));
    changed.map(|path| path.display().to_string()).collect()
}

/// The command lines of daemons that a submission has started.
fn processes_left() -> Vec<String> {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let lines = processes.filter_map(|process| fs::read(process.path().join("cmdline")).ok());
    let lines = lines.map(|line| String::from_utf8_lossy(&line).replace('\0', " "));
    lines.filter(|line| line.contains(&daemon_seconds())).collect()
}
