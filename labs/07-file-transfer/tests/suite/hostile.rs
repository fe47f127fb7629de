//! Names that a stranger might try. None of them is a file of the shelf, and each of them must be
//! answered like a missing file.

use std::path::Path;

/// Paths out of the folder.
const UP: &[&str] = &[
    "..",
    "../",
    "../secret.txt",
    "../../secret.txt",
    "../shared-secrets/key.txt",
    "../notes.txt",        // it is in the folder, and not above it
    "../shared/notes.txt", // it leads back into the folder
    "docs/..",
    "docs/../notes.txt",
    "docs/../../secret.txt",
    "docs/plan.txt/../../notes.txt",
    "notes.txt/../../secret.txt",
    "....//secret.txt",
    ".../...//secret.txt",
    "..;/secret.txt",
    ".. /secret.txt",
    "/../secret.txt",
];

/// No file, or no plain path to one.
const ODD: &[&str] = &[
    "",
    ".",
    "./",
    "./notes.txt",
    "docs",
    "docs/",
    "docs/.",
    "docs/./plan.txt",
    "docs//plan.txt",
    "notes.txt/",
    "notes.txt/.",
    "notes.txt/plan.txt",
    "~/secret.txt",
];

const ABSOLUTE: &[&str] = &[
    "/",
    "//",
    "//notes.txt",
    "/notes.txt",
    "/etc/passwd",
    "///etc/passwd",
    "/dev/zero",
    "/dev/stdin",
    "/proc/self/environ",
    "/proc/self/fd/0",
    "/list/../notes.txt",
    "/list x",
    "/sum",
    "/shutdown",
    "file:///etc/passwd",
];

const BACKSLASHES: &[&str] = &[
    "..\\secret.txt",
    "..\\/secret.txt",
    "docs\\plan.txt",
    "docs\\..\\notes.txt",
    "\\notes.txt",
    "notes.txt\\",
    "C:\\notes.txt",
    "\\\\host\\share\\notes.txt",
    "\\\\.\\NUL",
];

const CONTROL: &[&str] = &[
    "\0",
    "notes.txt\0",
    "notes.txt\0.png",
    "../secret.txt\0notes.txt",
    "notes.txt\r\r", // one of them belongs to the line's ending
    "notes\rtxt",
    "\t",
    "notes.txt\t",
    "\x1b[2J",
    "notes\x07.txt",
    "notes.tx\x08t",
    "notes.txt\x7f",
    "notes.txt\u{85}",
    "\x01\x02\x03",
];

const ENCODED: &[&[u8]] = &[
    b"%2e%2e/secret.txt",
    b"..\xc0\xafsecret.txt",        // a slash in two bytes instead of one
    b"\xc0\xae\xc0\xae/secret.txt", // dots, the same way
    b"\xff\xfe.\0.\0/\0",           // UTF-16
    b"notes.txt\xff",
    b"notes.\xc3",                            // half a character
    b"\xed\xa0\x80",                          // a surrogate
    "\u{ff0e}\u{ff0e}/secret.txt".as_bytes(), // full-width dots
    "\u{2024}\u{2024}/secret.txt".as_bytes(), // one dot leaders
];

/// Plain names of files that do not exist.
const MISSING: &[&str] = &[
    "notes.txt ",
    " notes.txt",
    "*",
    "?otes.txt",
    "$HOME",
    "$(id)",
    "`id`",
    "notes.txt;id",
    "|id",
    "-rf",
    "CON",
    "NUL",
    "AUX.txt",
    "C:notes.txt",
    "%2e%2e%2fsecret.txt",
    "..%2fsecret.txt",
    "%252e%252e%252fsecret.txt",
    "..%c0%afsecret.txt",
    "notes%2etxt",
    "..\u{2215}secret.txt", // a division slash
    "\u{feff}notes.txt",    // a byte order mark
    "notes.txt\u{200b}",    // a space of no width
    "\u{202e}txt.seton",    // from right to left
];

/// Names that no file can have, with some that are made for the shared folder `root`.
pub fn impossible(root: &Path) -> Vec<Vec<u8>> {
    let mut names: Vec<Vec<u8>> = ENCODED.iter().map(|name| name.to_vec()).collect();
    names.extend(bytes_of(&[UP, ODD, ABSOLUTE, BACKSLASHES, CONTROL].concat()));
    let root = root.to_string_lossy();
    let made = [
        format!("{root}/notes.txt"),
        format!("{root}/../secret.txt"),
        format!("/..{root}/notes.txt"),
        "x".repeat(256),
        "x".repeat(900),
        "docs/".repeat(180),
        "../".repeat(290) + "etc/passwd",
        "a/".repeat(450) + "b",
        "\u{e9}".repeat(400),
    ];
    names.extend(made.into_iter().map(String::into_bytes));
    names
}

/// All names with that answer, also the names of missing files.
pub fn all(root: &Path) -> Vec<Vec<u8>> {
    [impossible(root), bytes_of(MISSING)].concat()
}

fn bytes_of(names: &[&str]) -> Vec<Vec<u8>> {
    names.iter().map(|name| name.as_bytes().to_vec()).collect()
}
