//! Names that stand for the addresses that a test chose.
//!
//! Each machine resolves names in its own way. `localhost` is one address here and two there. On
//! Linux a test can have its own names. The program runs in a mount namespace in which another file
//! replaces `/etc/hosts` (unshare(1), mount_namespaces(7)).

use crate::child::{output_of, temporary_folder};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use tempfile::TempDir;

/// The file that stands in the place of `/etc/hosts`; gone when dropped.
#[derive(Debug)]
pub struct HostsFile {
    folder: TempDir,
}

impl HostsFile {
    /// Names and their addresses. `None` where this machine does not let us. A trial takes four
    /// programs, so there is none after the first success.
    pub fn new(names: &[(&str, &str)], wrapper: &[OsString]) -> Option<HostsFile> {
        static WORK: OnceLock<()> = OnceLock::new();
        let folder = temporary_folder().ok()?;
        let hosts_file = HostsFile { folder };
        let lines: String =
            names.iter().map(|(name, address)| format!("{address} {name}\n")).collect();
        fs::write(hosts_file.path(), lines).ok()?;
        if WORK.get().is_none() {
            if !hosts_file.work(names, wrapper) {
                return None;
            }
            // Err: another test has found out at the same time.
            let _ = WORK.set(());
        }
        Some(hosts_file)
    }

    /// What goes in front of the program's command.
    pub fn words(&self) -> Vec<OsString> {
        let script = "mount --bind \"$0\" /etc/hosts && exec \"$@\"";
        let mut words = ["unshare", "-rm", "sh", "-c", script].map(OsString::from).to_vec();
        words.push(self.path().into_os_string());
        words
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("hosts")
    }

    /// Whether a program that is started like this finds each name. It is tried out, because a
    /// sandbox, a kernel setting or a missing tool may prevent it.
    fn work(&self, names: &[(&str, &str)], wrapper: &[OsString]) -> bool {
        if !Path::new("/etc/hosts").exists() {
            return false;
        }
        let words = [self.words(), wrapper.to_vec()].concat();
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).args(["getent", "ahosts"]);
        command.args(names.iter().map(|(name, _)| name));
        let Ok(found) = output_of(&mut command) else { return false };
        let found = String::from_utf8_lossy(&found.stdout).into_owned();
        names.iter().all(|(_, address)| found.lines().any(|line| line.starts_with(address)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stands_for_what_the_test_says() {
        let names = [("two.test", "127.0.0.1"), ("two.test", "127.0.0.2")];
        // Not every machine lets us; those that do must find both.
        let Some(hosts) = HostsFile::new(&names, &[]) else { return };
        assert!(hosts.work(&names, &[]));
        assert!(!hosts.work(&[("other.test", "127.0.0.1")], &[]) || cfg!(not(target_os = "linux")));
    }
}
