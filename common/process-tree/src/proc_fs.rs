//! The few fields of `/proc` (proc(5)) that finding processes takes. Elsewhere than on Linux there
//! is no such folder, and nothing is found.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;
use std::sync::OnceLock;

/// Longer than the files that [`read_short`] reads.
const SHORT: usize = 1024;

/// More than one read(2) of a list returns, which is a page.
const LARGE: usize = 8 * 1024;

/// An entry of a list is shorter.
const ENTRY: usize = 16;

/// A read of fewer bytes was not cut at the end of a page.
const MAYBE_CUT: usize = 4096 - ENTRY;

/// Fields of a `stat` by their numbers and names in proc_pid_stat(5): the size of the address space.
const VSIZE: usize = 23;

/// Where the code begins. An execve(2) fills this in last. It is 1 if we may not see it.
const START_CODE: usize = 26;

/// Where the environment begins.
const ENV_START: usize = 50;

/// Where the environment ends.
const ENV_END: usize = 51;

/// A short file in one read(2). Files of `/proc` have no length, so `fs::read` would make four more
/// system calls, and tests look at thousands of such files.
pub fn read_short(path: &str) -> io::Result<String> {
    let mut buffer = [0; SHORT];
    let count = File::open(path)?.read(&mut buffer)?;
    Ok(String::from_utf8_lossy(&buffer[..count]).into_owned())
}

/// A file of any length, in one read(2) if it is short. Between two reads, a list loses an entry if an
/// earlier one goes, and an execve(2) replaces a command line. `fs::read` begins with 32 bytes.
pub(crate) fn read_large(path: &str) -> io::Result<Vec<u8>> {
    // Most lists are empty, and to clear a large buffer takes longer than to open the file.
    let mut short = [0; SHORT];
    let count = File::open(path)?.read(&mut short)?;
    if count < SHORT - ENTRY {
        return Ok(short[..count].to_vec());
    }
    let mut file = File::open(path)?;
    let mut buffer = vec![0; LARGE];
    let count = file.read(&mut buffer)?;
    buffer.truncate(count);
    if count >= MAYBE_CUT {
        file.read_to_end(&mut buffer)?;
    }
    Ok(buffer)
}

/// The fields of a process's or thread's `stat` after its name: `STATE PPID ...`. `folder` is
/// `/proc/PID` or `/proc/PID/task/TID`.
pub fn stat(folder: &str) -> Option<String> {
    let stat = read_short(&format!("{folder}/stat")).ok()?;
    // "PID (NAME) STATE ...", and NAME may hold anything, even ")".
    Some(stat.rsplit_once(") ")?.1.to_owned())
}

/// The entries of a folder that are named by a number; none where there is no such folder.
pub fn numbers_in(folder: &Path) -> Vec<u32> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect()
}

/// Whether the environment of `pid` has `size` bytes: 0 if we may not see it, and after its end. `false`
/// in the middle of an execve(2). Then it has its new address space, and the kernel has not put the
/// environment there yet. `true` where the kernel does not say: gVisor writes zeros.
pub(crate) fn is_environment_size(pid: u32, size: usize) -> bool {
    static OURS: OnceLock<String> = OnceLock::new();
    let ours = OURS.get_or_init(|| stat("/proc/self").unwrap_or_default());
    is_size_in(&stat(&format!("/proc/{pid}")).unwrap_or_default(), ours, size)
}

/// The same by the `stat` of a process, and that of our own.
fn is_size_in(stat: &str, ours: &str, size: usize) -> bool {
    let is_executing = field(stat, VSIZE) > 0 && field(stat, START_CODE) == 0;
    let is_size = size == field(stat, ENV_END).saturating_sub(field(stat, ENV_START));
    field(ours, START_CODE) == 0 || (!is_executing && is_size)
}

/// A number in a `stat`, which begins at the third field. A process that has ended has zeros.
fn field(stat: &str, number: usize) -> usize {
    let field = stat.split_whitespace().nth(number - 3);
    field.and_then(|field| field.parse().ok()).unwrap_or(0)
}

/// The last process id that was given (`/proc/loadavg`). After the highest id they start again at
/// the lowest.
pub(crate) fn newest_pid() -> u32 {
    let average = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    average.split_whitespace().next_back().and_then(|pid| pid.parse().ok()).unwrap_or(0)
}

/// The words of the command line of `pid`.
pub(crate) fn command_line(pid: u32) -> Vec<String> {
    let words = read_large(&format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let words = words.strip_suffix(b"\0").unwrap_or(&words);
    words.split(|byte| *byte == 0).map(|word| String::from_utf8_lossy(word).into_owned()).collect()
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use super::*;
    use std::process::Command;

    /// A script for sh(1) that executes itself with another option: `-e` and `-u` in turn. The option
    /// is the second word of its command line, and the last.
    const EXECUTES_ITSELF: &str = r#"exec sh $1 -c "$0" "$0" $2 $1"#;

    /// A `stat` with these fields, and zeros.
    fn stat_with(fields: &[(usize, usize)]) -> String {
        let value =
            |number| fields.iter().find(|field| field.0 == number).map_or(0, |field| field.1);
        let numbers: Vec<String> = (4..=52).map(|number| value(number).to_string()).collect();
        format!("S {}", numbers.join(" "))
    }

    #[test]
    fn a_process_without_addresses_executes_another_unless_the_kernel_shows_none() {
        let ours =
            stat_with(&[(VSIZE, 9000), (START_CODE, 4096), (ENV_START, 5000), (ENV_END, 5020)]);
        let none = stat_with(&[(VSIZE, 9000)]);
        assert!(is_size_in(&ours, &ours, 20) && !is_size_in(&ours, &ours, 19));
        assert!(!is_size_in(&none, &ours, 0), "it executes another program");
        assert!(is_size_in("", &ours, 0), "it has ended");
        assert!(is_size_in(&none, &none, 20), "gVisor");
    }

    #[test]
    fn a_command_line_is_whole_while_its_process_executes_itself_again_and_again() {
        let script = format!("{EXECUTES_ITSELF} # {}", "f".repeat(1000));
        let mut command = Command::new("sh");
        command.args(["-e", "-c", &script, &script, "-u", "-e"]);
        let mut program = command.spawn().expect("Linux has sh");
        let is_torn = |words: Vec<String>| words.len() > 1 && words.get(1) != words.get(6);
        let torn = (0..20_000).filter(|_| is_torn(command_line(program.id()))).count();
        program.kill().expect("it is ours");
        program.wait().expect("it is ours");
        assert_eq!(torn, 0, "of 20,000 looks");
    }
}
