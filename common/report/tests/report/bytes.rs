//! Bytes as a person reads them.

use report::bytes::{Difference, show, show_all, show_in_row, show_part};

#[test]
fn bytes_are_shown_for_a_person() {
    assert_eq!(show(b"12\nhel"), r#""12\nhel""#);
    assert_eq!(show(&[0xff, 0, 0xfe]), "ff 00 fe");
    assert_eq!(show("é\u{1b}[2Jabcdefg".as_bytes()), r#""é\u{1b}[2Jabcdefg""#);
    assert_eq!(show(&[b'a'; 1024]), r#""aaaaaaaa…aaaaaaaa" (1,024 bytes)"#);
    assert_eq!(show("Grüße, 世界!\0".as_bytes()), r#""Grüße, 世界!\u{0}""#);
    assert_eq!(show("a\u{202e}b".as_bytes()), r#""a\u{202e}b""#);
    assert_eq!(show("a\u{2003}b".as_bytes()), r#""a\u{2003}b""#);
    assert_eq!(show(b""), r#""""#);
    let line = "Welcome, alice. Here: bob, carol\nalice joined the chat\n";
    assert_eq!(show(line.as_bytes()), format!("{line:?}"));
    let two = b"\0\0\0\x07OK PONG\0\0\0\x28ECHO";
    assert_eq!(show(two), r#"00 00 00 07 "OK PONG" 00 00 00 28 "ECHO""#);
    let long = [b"\0\0\xfd\xedECHO ".as_slice(), &[b'x'; 65_000]].concat();
    assert_eq!(show(&long), r#"00 00 fd ed "ECHO" … (65,009 bytes)"#);
}

#[test]
fn in_a_row_a_text_is_whole_if_it_fits() {
    let in_row = |text: &[u8], width| show_in_row(text, text, text.len(), width);
    let line = b"Welcome, Alice. Here: nobody else\n";
    assert_eq!(in_row(line, 38), r#""Welcome, Alice. Here: nobody else\n""#);
    assert_eq!(in_row(line, 36), r#""Welcome,…dy else\n" (34 bytes)"#);
    assert_eq!(in_row(&[0xab; 3], 38), "ab ab ab");
}

#[test]
fn in_a_row_the_count_is_never_cut() {
    for len in [33, 1000, 1_048_606, 67_108_864] {
        for text in [[b'a'; 64], [b'\n'; 64], [0xab; 64]] {
            for width in [20, 29, 38] {
                let shown = show_in_row(&text, &text, len, width);
                assert!(shown.chars().count() <= width, "{shown}");
                assert!(shown.contains(&format!("{} bytes", terminal::thousands(len))), "{shown}");
            }
        }
    }
    let hex: Vec<u8> = (128..160).collect();
    assert_eq!(show_in_row(&hex, &hex, 32, 38), "80 81 82 83 … 9c 9d 9e 9f (32 bytes)");
}

#[test]
fn no_character_is_cut() {
    let text = "éé\u{fffd}\u{fffd}…".repeat(9);
    assert_eq!(show(text.as_bytes()), "\"éé\u{fffd}…\u{fffd}…\" (117 bytes)");
}

#[test]
fn a_part_shows_where_it_was_cut() {
    assert_eq!(show_part(b"rejected", 2..5), r#"…"jec"…"#);
    assert_eq!(show_part(b"rejected", 0..8), r#""rejected""#);
}

#[test]
fn a_difference_is_shown_however_long_both_are() {
    let short = Difference::between(b"wrld\n", b"world\n");
    assert_eq!((&short.received[..], &short.expected[..]), (r#""wrld\n""#, r#""world\n""#));
    assert_eq!(short.at, None);
    let text = |middle: &str| format!("{}{middle}{}", "x".repeat(100), "y".repeat(100));
    let long = Difference::between(text(" 216 ").as_bytes(), text(" 196 ").as_bytes());
    assert_eq!(long.received, r#"…"xxxxxxxxxxxxxxx 216 yyyyyyyyyyyy"… (205 bytes)"#);
    assert_eq!(long.expected, r#"…"xxxxxxxxxxxxxxx 196 yyyyyyyyyyyy"… (205 bytes)"#);
    assert_eq!(long.at, Some(101));
    let ended = Difference::between(&[0; 40], &[0; 41]);
    assert_eq!(ended.received, format!("…{} (40 bytes)", ["00"; 16].join(" ")));
    assert_eq!(ended.expected, format!("…{} (41 bytes)", ["00"; 17].join(" ")));
}

#[test]
fn a_list_is_words() {
    assert_eq!(show_all([""; 0]), "nothing");
    assert_eq!(show_all(["a\n"]), r#""a\n""#);
    assert_eq!(show_all(["a", "b", "c"]), r#""a", "b" and "c""#);
    let many = (0..20).map(|number| number.to_string());
    let shown = r#""0", "1", "2", "3", …, "16", "17", "18" and "19" (20 in all)"#;
    assert_eq!(show_all(many), shown);
}
