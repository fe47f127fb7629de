//! The names that course systems give to submissions in their archives.
//!
//! ```text
//! Canvas   doejane_LATE_48213_990_echo.zip               student 48213, submission 990, late
//! Moodle   Jane Doe_12345_assignsubmission_file_/…       participant 12345
//! others   jane.zip, jane/                               student jane
//! ```
//!
//! Other names may look like those of Canvas: `lab_01_2026_jane.zip`. Canvas gives one name to a user
//! and a number of its own to each file, so names that do not keep to that are not of Canvas.

use super::archive::without_ending;

/// What a name says of its student.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Identifies the student in this class.
    pub id: String,
    /// The name, as the system writes it.
    pub name: Option<String>,
    /// The number of the submission.
    pub number: Option<String>,
    /// Whether the system marked it as late.
    pub is_late: bool,
    /// The name of the file that the student uploaded.
    pub file: String,
}

/// Reads `name`, of a file or of a folder.
pub fn parse(name: &str) -> Named {
    // The part of Moodle may be in the name of a file that was uploaded to Canvas. The name of a student
    // in Moodle has no two numbers behind it.
    canvas(name).or_else(|| moodle(name)).unwrap_or_else(|| other(name))
}

/// Reads the names of a class.
pub fn parse_all(names: &[String]) -> Vec<Named> {
    let of_canvas: Vec<Option<Named>> = names.iter().map(|name| canvas(name)).collect();
    let contradict = |one: &Named, other: &Named| {
        one.id == other.id && (one.name != other.name || one.number == other.number)
    };
    let is_contradicted = |place: usize, named: &Named| {
        let others = of_canvas.iter().enumerate().filter(|(other, _)| *other != place);
        others.filter_map(|(_, other)| other.as_ref()).any(|other| contradict(named, other))
    };
    let read = |(place, name): (usize, &String)| match &of_canvas[place] {
        Some(named) if is_contradicted(place, named) => other(name),
        _ => parse(name),
    };
    names.iter().enumerate().map(read).collect()
}

fn other(name: &str) -> Named {
    Named {
        id: without_ending(name).to_owned(),
        name: None,
        number: None,
        is_late: false,
        file: name.to_owned(),
    }
}

fn moodle(name: &str) -> Option<Named> {
    let (before, file) = name.split_once("_assignsubmission_file")?;
    let (student, number) = before.rsplit_once('_')?;
    is_number(number).then(|| Named {
        id: number.to_owned(),
        name: Some(student.to_owned()),
        number: Some(number.to_owned()),
        is_late: false,
        file: file.trim_start_matches('_').to_owned(),
    })
}

fn canvas(name: &str) -> Option<Named> {
    let (student, rest) = name.split_once('_')?;
    let (is_late, rest) = match rest.strip_prefix("LATE_") {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let (user, rest) = rest.split_once('_')?;
    let (submission, file) = rest.split_once('_')?;
    (is_number(user) && is_number(submission)).then(|| Named {
        id: user.to_owned(),
        name: Some(student.to_owned()),
        number: Some(submission.to_owned()),
        is_late,
        file: first_upload(file),
    })
}

/// Canvas adds `-1` to the name of a file that was uploaded again: `echo-1.rs`.
fn first_upload(file: &str) -> String {
    let Some((stem, ending)) = file.rsplit_once('.') else { return file.to_owned() };
    match stem.rsplit_once('-') {
        Some((first, count)) if is_number(count) && ending == "rs" => format!("{first}.{ending}"),
        _ => file.to_owned(),
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canvas_names_a_user_and_a_submission() {
        let late = parse("doejane_LATE_48213_990_lab-2.zip");
        assert_eq!((&*late.id, late.number.as_deref(), late.is_late), ("48213", Some("990"), true));
        assert_eq!((late.name.as_deref(), &*late.file), (Some("doejane"), "lab-2.zip"));
        let again = parse("doejane_48213_990_echo-1.rs");
        assert_eq!((&*again.file, again.is_late), ("echo.rs", false));
    }

    #[test]
    fn names_that_contradict_each_other_are_not_of_canvas() {
        let ids = |names: [&str; 2]| {
            let named = parse_all(&names.map(str::to_owned));
            named.into_iter().map(|named| named.id).collect::<Vec<_>>()
        };
        assert_eq!(ids(["roe_7_91_echo.rs", "roe_LATE_7_92_listen.rs"]), ["7", "7"]);
        let same_number = ["lab_01_2026_anna.zip", "lab_01_2026_ben.zip"];
        assert_eq!(ids(same_number), ["lab_01_2026_anna", "lab_01_2026_ben"]);
        let two_names = ["anna_01_2026_a.zip", "ben_01_2027_b.zip"];
        assert_eq!(ids(two_names), ["anna_01_2026_a", "ben_01_2027_b"]);
    }

    #[test]
    fn moodle_names_a_participant() {
        let named = parse("Jane van Doe_12345_assignsubmission_file_");
        assert_eq!((&*named.id, named.name.as_deref()), ("12345", Some("Jane van Doe")));
        assert_eq!(parse("Jane Doe_1_assignsubmission_file_echo.rs").file, "echo.rs");
    }

    #[test]
    fn an_upload_to_canvas_may_be_called_like_a_file_of_moodle() {
        let other = parse("doejane_48213_990_x_777_assignsubmission_file_echo.rs");
        assert_eq!((&*other.id, other.name.as_deref()), ("48213", Some("doejane")));
        let late = parse("doejane_LATE_48213_990_x_48213_assignsubmission_file_lab.zip");
        assert_eq!((&*late.id, late.is_late), ("48213", true));
    }

    #[test]
    fn any_other_name_is_the_student() {
        for name in ["jane_doe", "jane_doe.zip", "jane_doe.tar.gz"] {
            assert_eq!(parse(name).id, "jane_doe");
        }
    }
}
