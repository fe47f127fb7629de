//! The formats of archives, by the endings of their names.

/// The format of an archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// ZIP
    Zip,
    /// tar, compressed by gzip
    TarGz,
    /// tar
    Tar,
}

const ENDINGS: [(&str, Kind); 4] =
    [(".zip", Kind::Zip), (".tar.gz", Kind::TarGz), (".tgz", Kind::TarGz), (".tar", Kind::Tar)];

impl Kind {
    /// The format of the archive called `name`. `None` if the name is not that of an archive.
    pub fn of(name: &str) -> Option<Kind> {
        split(name).map(|(_, kind)| kind)
    }
}

/// `name` without the ending of an archive.
pub fn without_ending(name: &str) -> &str {
    split(name).map_or(name, |(stem, _)| stem)
}

fn split(name: &str) -> Option<(&str, Kind)> {
    let lower = name.to_ascii_lowercase();
    let (ending, kind) = ENDINGS.iter().find(|(ending, _)| lower.ends_with(ending))?;
    Some((&name[..name.len() - ending.len()], *kind))
}
