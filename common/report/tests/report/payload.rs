//! The bytes of a message, as they are kept and written.

use report::Payload;

#[test]
fn of_a_long_message_both_ends_are_kept() {
    let mut payload = Payload::default();
    payload.extend(&[b'a'; 40]);
    payload.extend(&[b'b'; 1000]);
    assert_eq!((payload.head.len(), payload.tail.len(), payload.len), (128, 128, 1040));
    assert!(payload.head.starts_with(b"aaaa") && payload.tail.ends_with(b"bbbb"));
}

#[test]
fn a_trace_keeps_the_middle_too() {
    let mut payload = Payload::default();
    payload.extend(&[b'a'; 1000]);
    assert_eq!(payload.whole(), None);
    payload.trace(&[b'a'; 1000]);
    assert_eq!(payload.whole(), Some(vec![b'a'; 1000]));
    let json = serde_json::to_string(&payload).expect("it is JSON");
    assert_eq!(serde_json::from_str::<Payload>(&json).expect("it is a payload"), payload);
}

#[test]
fn bytes_are_hex_digits_in_json() {
    let mut payload = Payload::default();
    payload.extend(&[0, 0xab]);
    let json = serde_json::to_string(&payload).expect("it is JSON");
    assert_eq!(json, r#"{"head":"00ab","tail":"00ab","len":2}"#);
    assert_eq!(serde_json::from_str::<Payload>(&json).expect("it is a payload"), payload);
    let wrong = json.replace("00ab", "00g");
    assert!(serde_json::from_str::<Payload>(&wrong).is_err());
}
