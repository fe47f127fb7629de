//! The files of a submission that are judged: the answer in it, and the rest of the stub.

use std::collections::BTreeMap;

use lab::course::answer;
use lab::course::labs::Lab;
use lab::course::stub_history::StubFile;
use ledger::{File, LeftOut};
use sha2::{Digest, Sha256};
use terminal::count_of;

use super::tree::{NOT_OF_LAB, Refusal, Tree, listed};

/// The files that are judged.
#[derive(Debug, Default)]
pub struct Taken {
    /// All sources of the program, by their path in the lab's folder: those of the submission, and those
    /// of the stub.
    pub sources: BTreeMap<String, Vec<u8>>,
    /// The files that the submission has.
    pub files: Vec<File>,
    /// The files that are not judged.
    pub left_out: Vec<LeftOut>,
    /// Where in the submission each of the sources is looked for.
    pub origins: BTreeMap<String, String>,
}

/// Takes the files of `lab` from `tree`, and every other file from its `stub`.
///
/// # Errors
///
/// It has none of them, or two folders have them.
pub fn take(lab: &Lab, stub: &[StubFile], tree: Tree) -> Result<Taken, Refusal> {
    let allowed = answer::file_names(lab);
    let folder = answer::folder(lab, tree.files.iter().map(|item| item.path.as_str()))
        .map_err(|what| format!("It has {what}."))?;
    let mut sources: BTreeMap<String, Vec<u8>> =
        stub.iter().map(|file| (file.path.clone(), file.content.clone())).collect();
    let (mut files, mut left_out) = (Vec::new(), tree.left_out);
    for item in tree.files {
        let name = item.path.strip_prefix(&*folder);
        match name.filter(|name| allowed.iter().any(|it| it == name)) {
            Some(name) => {
                let path = format!("src/{name}");
                files.push(file(&path, &item.content));
                sources.insert(path, item.content);
            }
            None => {
                let given = name.and_then(|name| sources.get(&format!("src/{name}")));
                let reason = if given.is_some() { GIVEN } else { ELSEWHERE };
                let is_same = given.is_some_and(|given| *given == item.content);
                let file = LeftOut { path: item.path, reason: reason.to_owned() };
                left_out.extend((!is_same).then_some(file));
            }
        }
    }
    files.sort_by(|one, other| one.path.cmp(&other.path));
    let origin = |name: &String| (format!("src/{name}"), format!("{folder}{name}"));
    let origins = allowed.iter().map(origin).collect();
    let left_out = listed(without_others(lab, &folder, left_out));
    Ok(Taken { sources, files, left_out, origins })
}

/// `left_out` with one entry for all files that are outside of the folder above `src`, and one for
/// those of the course in it. A clone has the whole course.
fn without_others(lab: &Lab, src: &str, left_out: Vec<LeftOut>) -> Vec<LeftOut> {
    let above = src.strip_suffix("src/").unwrap_or(src);
    let (mut near, others): (Vec<LeftOut>, Vec<LeftOut>) =
        left_out.into_iter().partition(|file| file.path.starts_with(above));
    if above.ends_with(&format!("{}/", lab.folder())) {
        let all = near.len();
        near.retain(|file| !is_of_course(lab, file, above));
        near.extend(counted(all - near.len(), "file", OF_COURSE.to_owned()));
    }
    if others.len() <= FEW {
        return near.into_iter().chain(others).collect();
    }
    near.extend(counted(others.len(), "more file", format!("outside of {above}")));
    near
}

fn is_of_course(lab: &Lab, file: &LeftOut, above: &str) -> bool {
    let rest = file.path.strip_prefix(above).unwrap_or(&file.path);
    [NOT_OF_LAB, ELSEWHERE].contains(&&*file.reason) && lab.path.join(rest).is_file()
}

/// One entry for `count` files; none for no file.
fn counted(count: usize, what: &str, reason: String) -> Option<LeftOut> {
    (count > 0).then(|| LeftOut { path: count_of(count, what), reason })
}

/// Takes all files, for a program that is not built by rustc.
pub fn take_all(tree: Tree) -> Result<Taken, Refusal> {
    let top = common_folder(&tree);
    let mut taken = Taken { left_out: listed(tree.left_out), ..Taken::default() };
    for item in tree.files {
        let path = item.path[top.len()..].to_owned();
        taken.files.push(file(&path, &item.content));
        taken.sources.insert(path.clone(), item.content);
        taken.origins.insert(path, item.path);
    }
    match taken.files.is_empty() {
        true => Err("It is empty.".into()),
        false => Ok(taken),
    }
}

/// So many files elsewhere are named one by one.
const FEW: usize = 5;

/// The reason for a changed file that students do not write.
const GIVEN: &str = "students do not write it; the lab's own file was used";

/// The reason for files in the folder of the lab that all students have.
const OF_COURSE: &str = "of the course; students do not write them";

/// The reason for a file with the name of one of the lab's, in another folder.
const ELSEWHERE: &str = "not among the files that were judged";

/// The folder that holds all files, with a `/` at its end.
fn common_folder(tree: &Tree) -> String {
    let folders = || tree.files.iter().map(|file| file.path.split_once('/').map(|(top, _)| top));
    match folders().next().flatten() {
        Some(top) if folders().all(|other| other == Some(top)) => format!("{top}/"),
        _ => String::new(),
    }
}

fn file(path: &str, content: &[u8]) -> File {
    File { path: path.to_owned(), bytes: content.len() as u64, sha256: sha256(content) }
}

/// The SHA-256 checksum of `content`, in hexadecimal.
pub fn sha256(content: &[u8]) -> String {
    Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect()
}
