//! Names that a stranger might try. None of them is a file of the shelf, and each of them must be
//! answered like a missing file.

use std::path::Path;

pub const EVERY_ERROR: &str = "In `Root::open_file`, turn every `io::Error` into `no_such_file`. `?` makes it `Broken`, which resets the connection.";

pub const TYPE_BEFORE_OPEN: &str = "In `Root::open_file`, ask `fs::metadata` for the file type before you open it. Opening a FIFO waits for a writer.";

/// Names that a file on Unix can have, and that must not be served. Such files exist in a test.
pub const FILES: &[&str] = &[
    "docs\\plan.txt",
    "notes\x07.txt",
    "notes\u{85}.txt",
    ".lab07-upload-x7Gh2k",
    ".LAB07-Upload-2",
    "docs/.lab07-upload-",
];

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

const PLAIN_PARTS: (&str, &str) = (
    "plain-parts-only",
    "In `Name::parse`, accept only plain parts between slashes, and refuse the rest. Every refusal has the same answer.",
);

/// For a name that was refused by itself, and not behind a command.
pub const NAME_WITH_ALL_SPACES: (&str, &str) = (
    "name-with-all-spaces",
    "In `Request::parse`, NAME is the rest of the line with all its spaces, also when it is empty (`split_once(' ')`). Do not split or `trim` it.",
);

/// The advice for `name` after `command`, where it must not be served. Each name comes without a
/// command first.
pub fn advice(command: &str, name: &[u8]) -> (&'static str, &'static str) {
    let Ok(text) = str::from_utf8(name) else {
        return (
            "refuse-bytes-that-are-no-text",
            "In `Request::parse`, refuse a line that is not UTF-8, with `RequestError::no_such_file`. Do not replace its bytes.",
        );
    };
    if !command.is_empty() {
        return NAME_WITH_ALL_SPACES;
    }
    if text.starts_with("/list ") {
        return (
            "exact-commands",
            "In `Request::parse`, compare commands exactly and divide words at one space. Any other line is a name.",
        );
    }
    match text {
        "docs" => ("check-type-before-open", TYPE_BEFORE_OPEN),
        _ if text.trim() == "notes.txt" && text.trim() != text => (
            "name-is-the-rest",
            "In `Request::parse`, take the rest of the line as NAME, and do not `trim` it. In `Name::parse`, refuse control characters.",
        ),
        _ if text.contains('\\') => (
            "no-backslash",
            "In `Name::parse`, refuse a backslash, which divides parts on some systems. Here a file has this name.",
        ),
        _ if text.contains(char::is_control) => (
            "no-control-character",
            "In `Name::parse`, refuse every control character (`char::is_control`), also U+0085, which is not ASCII.",
        ),
        _ if text.to_lowercase().starts_with(".lab07") => (
            "upload-prefix-is-reserved",
            "In `Name::parse`, refuse a part that begins with `UPLOAD_PREFIX`, in upper or lower case. Such a file is incomplete.",
        ),
        _ if text.contains("/.lab07") => (
            "upload-prefix-in-a-folder",
            "In `Name::parse`, compare the beginning of each part with `UPLOAD_PREFIX`, not only that of the whole name. An upload may go to a folder.",
        ),
        _ => PLAIN_PARTS,
    }
}

/// The same for a server that closes the connection. It has accepted the name and came to a later
/// step, or an error of the system was none of those that it expected.
pub fn advice_if_closed(command: &str, name: &[u8]) -> (&'static str, &'static str) {
    let is_file_with_more = name.starts_with(b"notes.txt/") || name.len() > 255;
    if is_file_with_more || name.contains(&0) {
        return ("every-error-is-no-such-file", EVERY_ERROR);
    }
    match advice(command, name) {
        PLAIN_PARTS => (
            "accepted-name-is-sent",
            "In `Name::parse`, accept only plain parts between slashes. The server opens and sends the file of an accepted name, which belongs to step download.",
        ),
        advice => advice,
    }
}
