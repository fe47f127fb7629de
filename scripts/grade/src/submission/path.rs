//! Paths in archives, which are names that a stranger chose.

/// The longest path that is taken, in bytes.
const MAX_LENGTH: usize = 300;

/// The longest name of a file or folder that Linux takes, in bytes (NAME_MAX).
const MAX_NAME: usize = 255;

/// `name` with `/` between its parts, and without `.` parts; or why it is refused.
///
/// ```text
/// ./src/echo.rs     src/echo.rs
/// src\echo.rs       src/echo.rs       (archives made on Windows)
/// ../src/echo.rs    refused
/// /etc/passwd       refused
/// C:\src\echo.rs    refused
/// ```
pub fn safe(name: &[u8]) -> Result<String, &'static str> {
    let name = std::str::from_utf8(name).map_err(|_| "its name is not UTF-8")?;
    let name = name.replace('\\', "/");
    if name.len() > MAX_LENGTH || name.split('/').any(|part| part.len() > MAX_NAME) {
        return Err("its name is too long");
    }
    if name.chars().any(char::is_control) {
        return Err("its name has control characters");
    }
    if name.starts_with('/') || name.get(1..2) == Some(":") {
        return Err("its name is an absolute path");
    }
    let parts: Vec<&str> = name.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    match parts.contains(&"..") {
        true => Err("its name leads out of the submission"),
        false if parts.is_empty() => Err("it has no name"),
        false => Ok(parts.join("/")),
    }
}

/// `name` for people: text without control characters.
pub fn shown(name: &[u8]) -> String {
    let text: String = String::from_utf8_lossy(name).chars().take(MAX_LENGTH).collect();
    terminal::harmless(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_leads_elsewhere_is_refused() {
        for name in ["../a.rs", "a/../../b.rs", "/etc/passwd", "\\windows", "C:\\a.rs", "a\\..\\b"]
        {
            assert!(safe(name.as_bytes()).is_err(), "{name}");
        }
    }

    #[test]
    fn a_name_that_no_text_holds_is_refused() {
        let names = [
            &b"caf\xe9.rs"[..],
            b"a\0b.rs",
            b"a\x1b[2J.rs",
            b"",
            b"./",
            &[b'a'; 400],
            &[b'a'; 256],
        ];
        for name in names {
            assert!(safe(name).is_err(), "{name:?}");
        }
    }

    #[test]
    fn both_separators_give_the_same_path() {
        for name in ["src/echo.rs", "./src//echo.rs", "src\\echo.rs"] {
            assert_eq!(safe(name.as_bytes()).as_deref(), Ok("src/echo.rs"));
        }
    }
}
