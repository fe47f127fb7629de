//! Bytes as hexadecimal digits.

use common::hex::{NotHex, decode, encode};

#[test]
fn what_is_encoded_is_decoded() {
    let bytes: Vec<u8> = (0..=255).collect();
    assert_eq!(decode(&encode(&bytes)), Ok(bytes));
    assert_eq!(encode(&[0, 0x0a, 0xff]), "000aff");
    assert_eq!(encode(&[]), "");
}

#[test]
fn white_space_and_case_do_not_count() {
    assert_eq!(decode("0a FF\n00\t7 f"), Ok(vec![0x0a, 0xff, 0, 0x7f]));
    assert_eq!(decode(" "), Ok(vec![]));
}

#[test]
fn other_characters_and_half_a_byte_are_refused() {
    for text in ["0", "0a0", "0g", "0x0a", "-1", "+f", "é0", "0a,0b"] {
        assert_eq!(decode(text), Err(NotHex), "{text:?} was taken");
    }
}
