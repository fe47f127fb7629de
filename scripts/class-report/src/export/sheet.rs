//! A sheet that the course's system has exported. Its cells stay as they are, except for those that
//! are filled in, because the system compares them when it reads the sheet again.

use std::fs;
use std::path::Path;

use lab::error::Error;
use terminal::count_of;

/// Spreadsheets write this sign first (`U+FEFF`), and some systems need it.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// A table, and how it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// The rows, of any lengths.
    pub rows: Vec<Vec<String>>,
    delimiter: u8,
    has_mark: bool,
    ends_with_crlf: bool,
}

/// A sheet with the grades, and what became of its rows.
#[derive(Clone, Debug)]
pub struct Filled {
    /// The file's content.
    pub text: String,
    /// How many grades it has now.
    pub grades: usize,
    /// What the instructor should look at.
    pub remarks: Vec<String>,
}

impl Sheet {
    /// Reads the file.
    pub fn read(path: &Path) -> Result<Sheet, Error> {
        let cannot = || format!("cannot use {}", path.display());
        let bytes = fs::read(path).map_err(|error| Error::usage(cannot(), error.to_string()))?;
        let text = String::from_utf8(bytes).map_err(|_| {
            Error::usage(cannot(), "it is not UTF-8")
                .advice("Export the sheet again, as CSV in UTF-8.")
        })?;
        Sheet::parse(&text).map_err(|why| Error::usage(cannot(), why))
    }

    /// Reads a text.
    pub fn parse(text: &str) -> Result<Sheet, String> {
        let unmarked = text.strip_prefix(BYTE_ORDER_MARK);
        let body = unmarked.unwrap_or(text);
        let first = body.lines().next().unwrap_or_default();
        let delimiter = [b',', b';', b'\t'].into_iter().max_by_key(|sign| {
            // Of equal counts, `max_by_key` would take the last one.
            (first.bytes().filter(|byte| byte == sign).count(), *sign == b',')
        });
        let delimiter = delimiter.unwrap_or(b',');
        let mut reader = csv::ReaderBuilder::new();
        let reader = reader.delimiter(delimiter).has_headers(false).flexible(true);
        let records = reader.from_reader(body.as_bytes()).into_records();
        let row = |record: csv::StringRecord| record.iter().map(str::to_owned).collect();
        let rows: Result<Vec<Vec<String>>, csv::Error> =
            records.map(|record| record.map(row)).collect();
        let rows = rows.map_err(|error| error.to_string())?;
        let (has_mark, ends_with_crlf) = (unmarked.is_some(), body.contains("\r\n"));
        match rows.is_empty() {
            true => Err("it has no rows".to_owned()),
            false => Ok(Sheet { rows, delimiter, has_mark, ends_with_crlf }),
        }
    }

    /// The text, written as it was read.
    pub fn text(&self) -> Result<String, Error> {
        let ending = match self.ends_with_crlf {
            true => csv::Terminator::CRLF,
            false => csv::Terminator::Any(b'\n'),
        };
        let mut builder = csv::WriterBuilder::new();
        let builder = builder.delimiter(self.delimiter).terminator(ending).flexible(true);
        let mut writer = builder.from_writer(Vec::new());
        let cannot = |why: String| Error::failed("cannot write the sheet", why);
        for row in &self.rows {
            writer.write_record(row).map_err(|error| cannot(error.to_string()))?;
        }
        let bytes = writer.into_inner().map_err(|error| cannot(error.to_string()))?;
        let text = String::from_utf8(bytes).map_err(|error| cannot(error.to_string()))?;
        Ok(if self.has_mark { format!("{BYTE_ORDER_MARK}{text}") } else { text })
    }

    /// The first column whose heading `is_wanted`.
    pub fn column(&self, is_wanted: impl Fn(&str) -> bool) -> Option<usize> {
        self.rows[0].iter().position(|heading| is_wanted(heading.trim()))
    }

    /// The column with one of these headings, in any case of letters.
    pub fn named(&self, names: &[&str]) -> Option<usize> {
        self.column(|heading| names.iter().any(|name| name.eq_ignore_ascii_case(heading)))
    }

    /// A cell. Empty if the row is too short.
    pub fn cell(&self, row: usize, column: Option<usize>) -> &str {
        let cell = column.and_then(|column| self.rows[row].get(column));
        cell.map(|cell| cell.trim()).unwrap_or_default()
    }

    /// The only row from `first` on whose student has the words of `name`. `name_of` gives the name in
    /// a row.
    pub fn only_named(
        &self,
        first: usize,
        name: &str,
        name_of: impl Fn(usize) -> String,
    ) -> Option<usize> {
        let name = sorted_words(name);
        let is_named = |row: &usize| !name.is_empty() && sorted_words(&name_of(*row)) == name;
        only((first..self.rows.len()).filter(is_named))
    }

    /// Writes a cell, and makes the row longer if that is necessary.
    pub fn set(&mut self, row: usize, column: usize, text: String) {
        let cells = &mut self.rows[row];
        if cells.len() <= column {
            cells.resize(column + 1, String::new());
        }
        cells[column] = text;
    }
}

/// The row, if there is no second one.
pub fn only(mut rows: impl Iterator<Item = usize>) -> Option<usize> {
    let row = rows.next()?;
    rows.next().is_none().then_some(row)
}

/// The words of a name, so that `Ada Lovelace` is `Lovelace, Ada`.
fn sorted_words(name: &str) -> Vec<String> {
    let words = name.split(|character: char| character == ',' || character.is_whitespace());
    let mut words: Vec<String> =
        words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    words.sort();
    words
}

/// A sentence about students that the sheet lacks.
pub fn missing(names: &[&str], sheet: &str) -> Option<String> {
    let shown = names.iter().take(10).copied().collect::<Vec<_>>().join(", ");
    let more = if names.len() > 10 { ", …" } else { "" };
    let students = count_of(names.len(), "student");
    (!names.is_empty())
        .then(|| format!("{students} with a grade not found in {sheet}: {shown}{more}"))
}

/// `what: anna, ben`; `None` if there are no students.
pub fn listed(what: &str, students: &[&str]) -> Option<String> {
    (!students.is_empty()).then(|| format!("{what}: {}", students.join(", ")))
}
