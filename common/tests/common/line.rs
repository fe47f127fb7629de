//! Lines of a text protocol.

use common::line::{Line, MAX_LINE, read};

fn lines(bytes: &[u8]) -> Vec<Line> {
    let mut reader = bytes;
    let mut lines = Vec::new();
    loop {
        lines.push(read(&mut reader).expect("memory does not fail"));
        if matches!(lines.last(), Some(Line::End | Line::TooLong)) {
            return lines;
        }
    }
}

#[test]
fn both_endings_are_taken_and_an_unfinished_line_is_dropped() {
    let whole = |text: &str| Line::Whole(text.as_bytes().to_vec());
    assert_eq!(lines(b"a\r\n\nb\nc"), [whole("a"), whole(""), whole("b"), Line::End]);
}

#[test]
fn a_line_may_be_as_long_as_the_limit_and_no_longer() {
    let just = [vec![b'x'; MAX_LINE], b"\r\n".to_vec()].concat();
    assert_eq!(lines(&just), [Line::Whole(vec![b'x'; MAX_LINE]), Line::End]);
    for ending in ["\n", "\r\n", ""] {
        let long = [vec![b'x'; MAX_LINE + 1], ending.as_bytes().to_vec()].concat();
        assert_eq!(lines(&long), [Line::TooLong], "{ending:?}");
    }
    assert_eq!(lines(&[b'x'; 5000]), [Line::TooLong]);
}

#[test]
fn no_more_is_read_than_it_takes_to_see_that_a_line_is_too_long() {
    let mut reader: &[u8] = &[b'x'; 5000];
    assert_eq!(read(&mut reader).expect("memory does not fail"), Line::TooLong);
    assert_eq!(reader.len(), 5000 - MAX_LINE - 1);
}
