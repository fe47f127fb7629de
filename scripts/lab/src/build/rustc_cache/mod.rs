//! How the program of a lab was built, and from what.

use std::env::{self, consts::EXE_SUFFIX};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::calls::Call;
use crate::files;
use crate::labs::Lab;
use crate::workspace::Workspace;

/// What it takes to build a program again.
#[derive(Debug, Deserialize, Serialize)]
pub struct Recipe {
    /// A fingerprint of all that decides which calls they are.
    inputs: String,
    compiler: String,
    call: Call,
    /// Where rustc puts the program, and where cargo puts it for its users.
    made: PathBuf,
    pub program: PathBuf,
    /// Fingerprints of the sources when it was built, and of itself.
    built: Option<(String, String)>,
}

/// What came of building by a recipe.
#[derive(Debug, PartialEq, Eq)]
pub enum Repeated {
    Built,
    /// Somebody else builds. Then it is cargo that should wait, and say so.
    Busy,
    /// The sources are wrong, or the recipe is.
    Failed,
}

impl Recipe {
    /// The recipe for `lab`, if cargo would still build by it.
    pub fn remembered(workspace: &Workspace, lab: &Lab) -> Option<Recipe> {
        let text = fs::read(memory(workspace, lab)).ok()?;
        let recipe: Recipe = serde_json::from_slice(&text).ok()?;
        let is_current = recipe.inputs == inputs(workspace, lab)
            && recipe.compiler == fingerprint(&recipe.call.rustc);
        is_current.then_some(recipe)
    }

    /// Of cargo's `calls` the one for `lab`, which made `program` out of `inputs`. `None` if it is
    /// not the only one: then there is more to building this than we know.
    pub fn from_calls(
        lab: &Lab,
        calls: Vec<Call>,
        program: PathBuf,
        inputs: String,
    ) -> Option<Recipe> {
        let is_ours = |call: &Call| call.argument("--crate-name") == Some(&lab.package());
        let calls: Vec<Call> = calls.into_iter().filter(is_ours).collect();
        let [call] = <[Call; 1]>::try_from(calls).ok()?;
        if call.argument("--crate-type") != Some("bin") || lab.path.join("build.rs").exists() {
            return None;
        }
        // Some programs have no hash in their name: those for Windows.
        let hash = call.codegen("extra-filename").unwrap_or_default();
        let name = format!("{}{hash}{EXE_SUFFIX}", lab.package());
        let made = PathBuf::from(call.argument("--out-dir")?).join(name);
        let compiler = fingerprint(&call.rustc);
        // What the sources were when cargo looked is not known: the first time builds again.
        Some(Recipe { inputs, compiler, call, made, program, built: None })
    }

    /// Builds the program from its sources as they are now.
    pub fn repeat(&mut self, lab: &Lab) -> Repeated {
        let sources = fingerprint(&lab.path);
        if self.built == Some((sources.clone(), fingerprint(&self.program))) {
            return Repeated::Built;
        }
        let Some(_lock) = self.lock() else { return Repeated::Busy };
        let is_made = self.call.repeat().unwrap_or(false);
        if !is_made || put(&self.made, &self.program).is_err() {
            return Repeated::Failed;
        }
        self.built = Some((sources, fingerprint(&self.program)));
        Repeated::Built
    }

    /// Cargo's own lock on what it builds, as long as the file is open.
    fn lock(&self) -> Option<File> {
        let lock = File::open(self.program.with_file_name(".cargo-lock")).ok()?;
        lock.try_lock().ok()?;
        Some(lock)
    }

    pub fn remember(&self, workspace: &Workspace, lab: &Lab) {
        let text = serde_json::to_vec_pretty(self).expect("text and paths in UTF-8 are JSON");
        // Without it, the next build is slower: not worth a word.
        let _ = files::write_whole(&memory(workspace, lab), &text);
    }

    pub fn forget(workspace: &Workspace, lab: &Lab) {
        // Not there is what we want.
        let _ = fs::remove_file(memory(workspace, lab));
    }
}

/// Makes `program` the one that was `made`, as cargo does: a second name for the same file, or else
/// a copy.
fn put(made: &Path, program: &Path) -> io::Result<()> {
    if made == program {
        return Ok(());
    }
    match fs::remove_file(program) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => fs::hard_link(made, program).or_else(|_| fs::copy(made, program).map(drop)),
    }
}

/// A fingerprint of all but the compiler and the lab's sources that decides how cargo builds `lab`:
/// manifests and settings.
pub fn inputs(workspace: &Workspace, lab: &Lab) -> String {
    let steers = |name: &str| {
        let beginnings = [
            "RUSTC",
            "RUSTFLAGS",
            "RUSTUP_TOOLCHAIN",
            "CARGO_ENCODED",
            "CARGO_BUILD",
            "CARGO_PROFILE",
            "CARGO_TARGET",
        ];
        beginnings.iter().any(|beginning| name.starts_with(beginning))
    };
    let settings = env::vars_os().filter(|(name, _)| name.to_str().is_some_and(steers));
    let mut settings: Vec<String> =
        settings.map(|(name, value)| format!("{name:?}={value:?}")).collect();
    settings.sort();
    let shared = files::time_fingerprint(&workspace.shared());
    let manifest = fs::read_to_string(lab.path.join("Cargo.toml")).unwrap_or_default();
    format!("{shared} {} {}", files::fingerprint_of(&[manifest]), settings.join(" "))
}

fn fingerprint(path: &Path) -> String {
    files::time_fingerprint(&[path.to_owned()])
}

fn memory(workspace: &Workspace, lab: &Lab) -> PathBuf {
    workspace.memory().join(format!("recipe-{}.json", lab.number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labs::tests::example;

    fn call(arguments: &str) -> Call {
        Call::of("/rustc", arguments.split_whitespace().map(str::to_owned).collect())
    }

    fn recipe(calls: &[&str]) -> Option<Recipe> {
        let calls = calls.iter().map(|arguments| call(arguments)).collect();
        Recipe::from_calls(&example(), calls, PathBuf::from("/debug/lab01"), String::new())
    }

    const COMMON: &str = "--crate-name common --crate-type lib --out-dir /debug/deps";
    const LIBRARY: &str = "--crate-name lab01_command_line --crate-type lib --out-dir /debug/deps";
    const PROGRAM: &str =
        "--crate-name lab01 --crate-type bin -C extra-filename=-5eed --out-dir /debug/deps";

    #[test]
    fn of_cargos_calls_one_is_for_the_program() {
        let recipe = recipe(&[COMMON, LIBRARY, PROGRAM]).expect("it is there");
        assert_eq!(recipe.made, Path::new("/debug/deps").join(format!("lab01-5eed{EXE_SUFFIX}")));
    }

    #[test]
    fn a_program_may_have_no_hash_in_its_name() {
        let program = PROGRAM.replace("-C extra-filename=-5eed", "-C opt-level=0");
        let recipe = recipe(&[LIBRARY, &program]).expect("it is there");
        assert_eq!(recipe.made, Path::new("/debug/deps").join(format!("lab01{EXE_SUFFIX}")));
    }

    #[test]
    fn what_is_built_in_another_way_has_no_recipe() {
        assert!(recipe(&[COMMON, LIBRARY]).is_none(), "the program was there already");
        assert!(recipe(&[LIBRARY, PROGRAM, PROGRAM]).is_none(), "twice");
        let library = PROGRAM.replace("--crate-type bin", "--crate-type lib");
        assert!(recipe(&[&library]).is_none(), "no program");
    }

    #[test]
    fn nobody_builds_while_somebody_else_does() {
        let folder = tempfile::tempdir().expect("a scratch folder");
        let lock = File::create(folder.path().join(".cargo-lock")).expect("created");
        lock.lock().expect("nobody else has it");
        let mut recipe = recipe(&[LIBRARY, PROGRAM]).expect("it is there");
        recipe.program = folder.path().join("lab01");
        let lab = Lab { path: folder.path().to_owned(), ..example() };
        assert_eq!(recipe.repeat(&lab), Repeated::Busy);
        drop(lock);
        assert_eq!(recipe.repeat(&lab), Repeated::Failed, "there is no /rustc");
    }

    #[test]
    fn what_was_made_is_put_where_it_is_looked_for() {
        let folder = tempfile::tempdir().expect("a scratch folder");
        let (made, program) = (folder.path().join("made"), folder.path().join("program"));
        for content in ["one", "two"] {
            fs::write(&made, content).expect("written");
            put(&made, &program).expect("linked");
            assert_eq!(fs::read_to_string(&program).expect("there"), content);
        }
    }
}
