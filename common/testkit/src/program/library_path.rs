//! `LD_LIBRARY_PATH` (ld.so(8)) without the folders that cargo puts there.
//!
//! Cargo lets each program that it runs find dynamic libraries of crates and of the toolchain. A
//! program of a lab has none, and the loader looks for every library in each of these folders first.
//! That takes about 40 system calls and a fifth of the time in which a program starts.

use super::subject::our_target;
use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

const VARIABLE: &str = "LD_LIBRARY_PATH";

/// The folder of a toolchain's `lib` that holds its libraries for each target.
const RUSTLIB: &str = "rustlib";

/// Sets the variable as the user has set it.
pub fn restore(command: &mut Command) {
    static OF_USER: OnceLock<Option<OsString>> = OnceLock::new();
    let of_user = || {
        let all = env::var_os(VARIABLE)?;
        // With `-C prefer-dynamic` programs need these folders, and so do we.
        let maps = fs::read_to_string("/proc/self/maps").unwrap_or_default();
        let target = our_target()?;
        (!maps.contains("/libstd-")).then(|| without_cargo(&all, &target))
    };
    match OF_USER.get_or_init(of_user) {
        Some(path) if path.is_empty() => command.env_remove(VARIABLE),
        Some(path) => command.env(VARIABLE, path),
        None => command,
    };
}

/// `all` without folders in `target`, and without those of the toolchain: `LIB/rustlib/TARGET/lib` and
/// `LIB`.
fn without_cargo(all: &OsStr, target: &Path) -> OsString {
    let folders: Vec<PathBuf> = env::split_paths(all).collect();
    let of_toolchain: Vec<&Path> = folders.iter().filter_map(|folder| lib(folder)).collect();
    let is_cargos = |folder: &Path| {
        folder.starts_with(target) || lib(folder).is_some() || of_toolchain.contains(&folder)
    };
    let of_user = folders.iter().filter(|folder| !is_cargos(folder));
    env::join_paths(of_user).unwrap_or_else(|_| all.to_owned())
}

/// `LIB` of `LIB/rustlib/TARGET/lib`.
fn lib(folder: &Path) -> Option<&Path> {
    let rustlib = folder.ancestors().find(|folder| folder.file_name() == Some(RUSTLIB.as_ref()))?;
    rustlib.parent()
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    #[test]
    fn the_folders_of_the_user_stay_in_their_order() {
        let cargos = "/w/target/debug/build/ring-1/out:/w/target/debug/deps:/w/target/debug:\
                      /home/u/toolchain/lib/rustlib/x86_64-unknown-linux-gnu/lib:/home/u/toolchain/lib";
        let of_user = |all: &str| without_cargo(all.as_ref(), Path::new("/w/target/debug"));
        assert_eq!(of_user(cargos), "");
        assert_eq!(of_user(&format!("{cargos}:/opt/b/lib:/opt/a")), "/opt/b/lib:/opt/a");
        assert_eq!(of_user("/usr/lib"), "/usr/lib");
    }
}
