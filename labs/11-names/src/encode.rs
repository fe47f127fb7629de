//! Step message: a query in bytes.
//!
//! ```text
//!   00 4d | 01 00 | 00 01 | 00 00 | 00 00 | 00 00     id, flags (RD), counts: 1 question
//!   01 'a' 04 't' 'e' 's' 't' 00                      a.test.
//!   00 01 | 00 01                                     type A, class IN
//! ```

use crate::given::message::{Flags, Name, Question};

/// Appends the header of a message (RFC 1035, section 4.1.1).
///
/// # Contract
///
/// * Six numbers of 16 bits in network byte order: id, flags, and the counts of questions, answers,
///   records of authority, and additional records.
///
/// # Steps
///
/// 1. Append each number by `to_be_bytes`.
pub fn write_header(message: &mut Vec<u8>, id: u16, flags: Flags, counts: [u16; 4]) {
    todo!("lab11, step message: write_header")
}

/// Appends a name without pointers.
///
/// # Contract
///
/// * Each label has its length in front, and a zero ends the name.
///
/// # Steps
///
/// 1. Append the length of each label and its bytes, and then a zero.
pub fn write_name(message: &mut Vec<u8>, name: &Name) {
    todo!("lab11, step message: write_name")
}

/// Appends a question: name, type, class.
pub fn write_question(message: &mut Vec<u8>, question: &Question) {
    write_name(message, &question.name);
    message.extend(question.kind.0.to_be_bytes());
    message.extend(question.class.to_be_bytes());
}

/// A query with one question.
///
/// # Contract
///
/// * Recursion is desired, so the server shall ask others if it does not know the answer.
///
/// # Steps
///
/// 1. Write the header with RD and the counts 1, 0, 0, 0.
/// 2. Write the question.
pub fn query(id: u16, question: &Question) -> Vec<u8> {
    todo!("lab11, step message: query")
}
