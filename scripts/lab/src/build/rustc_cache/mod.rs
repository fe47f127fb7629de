//! Builds a program with the call of rustc that cargo made for it the last time.
//!
//! ```text
//!   first     cargo build ── RUSTC_WRAPPER=lab ──▶ call.rs records the call ──▶ rustc
//!   then      the same call of rustc
//! ```
//!
//! After an edit in `src/`, cargo examines more than a hundred packages for up to 100 ms, and then
//! makes the same call of rustc as before. [`build`] makes that call directly. It uses cargo instead
//! if anything but the program's own sources has changed, if anything is unusual (see `inputs.rs`), if
//! another cargo is at work, or if rustc fails. `LAB_RUSTC_CACHE=off` turns it off.

mod call;
mod inputs;

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::cargo::{BuildResult, Reporting};
use super::program::Program;
use crate::cancel::CancellationToken;
use crate::error::Error;
use crate::files::{self, stamp};
use inputs::Inputs;

pub use call::{NO_LINKS, RustcCall, act_as_rustc};

/// Builds `program` from its sources as they are now.
pub fn build(program: &Program<'_>, reporting: Reporting<'_>) -> Result<BuildResult, Error> {
    // Before the build, so that an edit during the build is noticed later.
    let Some(inputs) = inputs::of(program) else {
        return program.build_with_cargo(|_| (), reporting);
    };
    if let Some(mut cached) = CachedCall::load(program, &inputs)
        && cached.replay(&inputs, reporting.token)
        && has_only_sources_in(&program.folder, &cached.made)
    {
        cached.store(program);
        return Ok(BuildResult::program(&program.package, cached.program));
    }
    build_and_record(program, inputs, reporting)
}

/// The call of rustc that builds `program`, for programs that repeat it with other sources.
///
/// # Errors
///
/// The program does not compile, or this machine has settings with which only cargo should build it.
pub fn call_for(program: &Program<'_>) -> Result<RustcCall, Error> {
    let built = build(program, Reporting::NONE)?;
    if !built.compiled {
        return Err(Error::failed(format!("{} does not compile", program.package), built.errors()));
    }
    let cached = inputs::of(program).and_then(|inputs| CachedCall::load(program, &inputs));
    cached.map(|cached| cached.call).ok_or_else(|| {
        let what = format!("there is no record of how rustc builds {}", program.package);
        Error::failed(what, "something is unusual")
            .advice("Unset RUSTC_WRAPPER, CARGO_BUILD_TARGET and LAB_RUSTC_CACHE, and try again.")
    })
}

/// Calls clippy with further `options` on `program`, as cargo would after a build. Its files are kept
/// in `out`. `None` if only cargo should call it.
pub fn lint(
    program: &Program<'_>,
    out: &Path,
    options: &[&str],
    reporting: Reporting<'_>,
) -> Option<Result<BuildResult, Error>> {
    let cached = CachedCall::load(program, &inputs::of(program)?)?;
    Some(cached.call.lint_again(out, options, reporting))
}

fn build_and_record(
    program: &Program<'_>,
    inputs: Inputs,
    reporting: Reporting<'_>,
) -> Result<BuildResult, Error> {
    let log = tempfile::NamedTempFile::new()
        .map_err(|error| Error::failed("cannot make a temporary file", error))?;
    let built = program.build_with_cargo(|cargo| call::record_to(log.path(), cargo), reporting)?;
    if built.compiled {
        let path = built.executable(&program.package)?;
        let cached = CachedCall::new(&program.package, call::recorded(log.path()), path, inputs);
        let cached = cached.filter(|cached| has_only_sources_in(&program.folder, &cached.made));
        match cached {
            Some(cached) => cached.store(program),
            // Otherwise the next build repeats an older call in vain, and then asks cargo.
            None => drop(fs::remove_file(state_file(program))),
        }
    }
    Ok(built)
}

/// Whether all sources of the program that rustc `made` are in `folder`, by the list that rustc writes
/// beside it. An edit of another file, as `#[path]` names one, does not change our inputs.
fn has_only_sources_in(folder: &Path, made: &Path) -> bool {
    let Ok(list) = fs::read_to_string(made.with_extension("d")) else { return false };
    let name = folder.file_name().unwrap_or_default();
    // Each source has a line of its own, `labs/01-echo/src/main.rs:`, relative to the workspace.
    let is_inside = |source: &str| {
        let source = Path::new(source);
        source.iter().any(|part| part == name) && !source.iter().any(|part| part == "..")
    };
    list.lines().filter_map(|line| line.strip_suffix(':')).all(is_inside)
}

/// The call of rustc that builds a program, and the inputs of the last build.
#[derive(Debug, Deserialize, Serialize)]
struct CachedCall {
    inputs: Inputs,
    /// A stamp of rustc, which changes with the toolchain.
    compiler: String,
    call: RustcCall,
    /// Where rustc writes the program.
    made: PathBuf,
    /// Where cargo puts the program for its users.
    program: PathBuf,
    /// A stamp of the program that was built from `inputs`.
    built: String,
}

impl CachedCall {
    /// The call that builds `program`, if cargo would still make it.
    fn load(program: &Program<'_>, inputs: &Inputs) -> Option<CachedCall> {
        let text = fs::read(state_file(program)).ok()?;
        let cached: CachedCall = serde_json::from_slice(&text).ok()?;
        let is_current =
            cached.inputs.steps == inputs.steps && cached.compiler == stamp(&cached.call.rustc);
        is_current.then_some(cached)
    }

    /// Finds the call for `package` among the `calls` that cargo made; that call built `program` from
    /// `inputs`. `None` if it is not the only one, or unusual.
    fn new(
        package: &str,
        calls: Vec<RustcCall>,
        program: PathBuf,
        inputs: Inputs,
    ) -> Option<CachedCall> {
        let is_ours = |call: &RustcCall| call.argument("--crate-name") == Some(package);
        let calls: Vec<RustcCall> = calls.into_iter().filter(is_ours).collect();
        let [call] = <[RustcCall; 1]>::try_from(calls).ok()?;
        if !call.is_plain() || call.argument("--crate-type") != Some("bin") {
            return None;
        }
        let made = PathBuf::from(call.argument("--out-dir")?).join(call.program_name());
        let (compiler, built) = (stamp(&call.rustc), stamp(&program));
        Some(CachedCall { inputs, compiler, call, made, program, built })
    }

    /// Builds the program from its sources, `inputs`. Returns whether it is there now.
    fn replay(&mut self, inputs: &Inputs, token: Option<&CancellationToken>) -> bool {
        if self.inputs == *inputs && self.built == stamp(&self.program) {
            return true;
        }
        let Some(_lock) = self.lock() else { return false };
        let is_made = self.call.repeat(token).is_ok_and(|built| built.compiled);
        if !is_made || link(&self.made, &self.program).is_err() {
            return false;
        }
        self.inputs = inputs.clone();
        self.built = stamp(&self.program);
        true
    }

    /// Cargo's own lock on its target folder, held until the file is dropped. `None` if another
    /// cargo holds it. Then our cargo waits for the lock and prints a message.
    fn lock(&self) -> Option<File> {
        let lock = File::open(self.program.with_file_name(".cargo-lock")).ok()?;
        lock.try_lock().ok()?;
        Some(lock)
    }

    fn store(&self, program: &Program<'_>) {
        let text = serde_json::to_vec_pretty(self).expect("text and paths in UTF-8 are JSON");
        // Without the file, the next build takes longer.
        let _ = files::write_whole(&state_file(program), &text);
    }
}

/// Puts the program that was `made` at the place of `program`, as cargo does: a hard link to the
/// same file, or else a copy.
fn link(made: &Path, program: &Path) -> io::Result<()> {
    if made == program {
        return Ok(());
    }
    match fs::remove_file(program) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => fs::hard_link(made, program).or_else(|_| fs::copy(made, program).map(drop)),
    }
}

fn state_file(program: &Program<'_>) -> PathBuf {
    program.workspace.state_dir().join(format!("rustc-{}.json", program.package))
}

#[cfg(test)]
mod tests;
