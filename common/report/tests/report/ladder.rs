//! The ladder as text.

use report::{Direction, Failure, Kind, Ladder, LiveLadder, Payload, Report, Row, TestId};
use terminal::{Style, WIDTH};

fn row(peer: &str, direction: Direction, label: &str) -> Row {
    let (peer, label) = (Some(peer.to_owned()), label.to_owned());
    Row { time_us: 0, peer, direction, label, payload: None, pieces: None }
}

fn bytes(peer: &str, direction: Direction, bytes: &[u8]) -> Row {
    let mut payload = Payload::default();
    payload.extend(bytes);
    Row { payload: Some(payload), ..row(peer, direction, "") }
}

fn story() -> Ladder {
    let rows = vec![
        row("peer", Direction::ToProgram, "connect"),
        bytes("peer", Direction::ToProgram, b"notes.txt\n"),
        bytes("peer", Direction::FromProgram, b"12\nhel"),
        row("peer", Direction::FromProgram, "FIN"),
    ];
    Ladder { program: "lab07 serve".to_owned(), rows, ..Ladder::default() }
}

/// The ladder in the report of a failure, below its heading and its message.
fn render(ladder: &Ladder, style: &Style) -> String {
    let failure = Failure::new(Kind::Expectation, "unexpected-bytes", "The server sent x.");
    let failure = Failure { ladder: Some(ladder.clone()), ..failure };
    let report = Report::failed("01", TestId::parse("held_back::a_test"), failure).render(style);
    report.splitn(3, "\n\n").nth(2).expect("it has a ladder").to_owned()
}

fn drawn(ladder: &mut Ladder, mark: &str) -> String {
    ladder.mark(Some("peer"), mark);
    render(ladder, &Style::PLAIN)
}

#[test]
fn a_ladder_shows_who_said_what_and_where_it_went_wrong() {
    let text = drawn(&mut story(), "wanted 9 more bytes: \"lo, world\"");
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].trim_start().starts_with("peer"), "{text}");
    assert!(lines[0].ends_with("lab07 serve"), "{text}");
    assert!(lines[2].contains(r#"── "notes.txt\n" ──"#), "{text}");
    assert!(lines[3].contains(r#"── "12\nhel" ──"#), "{text}");
    assert!(lines[4].contains("✗ wanted 9 more bytes"), "{text}");
}

#[test]
fn no_line_is_wider_than_a_hundred_columns() {
    let mut ladder = story();
    ladder.rows.push(bytes("another peer", Direction::FromProgram, &[0xab; 5000]));
    ladder.rows.push(row("peer", Direction::Note, &"x".repeat(300)));
    let mark = "so long a story that it must be told in two lines ".repeat(4);
    let text = drawn(&mut ladder, &mark);
    for line in text.lines() {
        assert!(line.chars().count() <= WIDTH, "{line}");
    }
}

#[test]
fn in_a_narrow_terminal_the_arrows_are_shorter_and_every_row_has_its_time() {
    let mut ladder = story();
    ladder.mark(Some("peer"), "wanted 9 more bytes: \"lo, world\"");
    for columns in [40, 60, 80] {
        let text = render(&ladder, &Style { columns, ..Style::PLAIN });
        assert!(text.lines().all(|line| line.chars().count() <= columns), "{text}");
        assert_eq!(text.matches(" 0.0 ms").count(), ladder.rows.len(), "{text}");
        assert!(text.contains("✗ wanted"), "{text}");
    }
}

#[test]
fn of_a_long_story_the_middle_is_left_out_but_not_the_mistake() {
    let mut ladder = story();
    for number in 0..1000 {
        ladder.rows.push(row("other", Direction::FromProgram, &format!("noise {number}")));
    }
    ladder.rows.push(row("peer", Direction::FromProgram, "the mistake"));
    let text = drawn(&mut ladder, "here");
    assert!(text.contains("✗ here"), "{text}");
    assert!(text.contains("… 969 more …"), "{text}");
    assert!(text.contains("connect"), "{text}");
}

#[test]
fn ascii_has_the_same_shape() {
    let mut ladder = story();
    let text = drawn(&mut ladder, "here");
    let plain = render(&ladder, &Style::default());
    assert!(plain.is_ascii());
    assert_eq!(plain.chars().count(), text.chars().count());
}

#[test]
fn the_place_is_red() {
    let mut ladder = story();
    ladder.mark(None, "here");
    let text = render(&ladder, &Style { color: true, ..Style::PLAIN });
    assert!(text.ends_with("\n      \x1b[1;31m✗ here\x1b[0m"), "{text}");
}

fn at(milliseconds: u64, row: Row) -> Row {
    Row { time_us: milliseconds * 1000, ..row }
}

fn drawn_rows(rows: Vec<Row>) -> String {
    render(&Ladder { program: "lab04 serve".to_owned(), rows, ..Ladder::default() }, &Style::PLAIN)
}

#[test]
fn a_dribble_is_one_line() {
    let dribble = |text: &[u8]| {
        let byte = |(index, byte): (usize, &[u8])| {
            at(300 * index as u64, bytes("peer", Direction::ToProgram, byte))
        };
        drawn_rows(text.chunks(1).enumerate().map(byte).collect())
    };
    let text = dribble(b"PING");
    assert!(text.contains(r#"── "PING" as 4 × 1 byte, 300 ms apart ──"#), "{text}");
    assert_eq!(text.lines().count(), 2, "{text}");
    let text = dribble(&[b'x'; 40]);
    assert!(text.contains("── 40 × 1 byte, 300 ms apart ──"), "{text}");
    assert!(terminal::to_ascii(&text).contains("-- 40 x 1 byte, 300 ms apart --"), "{text}");
}

#[test]
fn a_flood_and_equal_rows_are_one_line_each() {
    let lines = (0..12).map(|number| format!("line {number}\n"));
    let mut rows: Vec<Row> =
        lines.map(|line| bytes("peer", Direction::ToProgram, line.as_bytes())).collect();
    rows.extend((0..5).map(|_| row("peer", Direction::FromProgram, "pong")));
    let text = drawn_rows(rows);
    assert!(text.contains("── 12 × 7 to 8 bytes ──"), "{text}");
    assert!(text.contains("── pong × 5 ──") || text.contains(" pong × 5 ──"), "{text}");
    assert_eq!(text.lines().count(), 3, "{text}");
}

#[test]
fn what_many_peers_do_alike_is_one_line() {
    let names: Vec<String> = (1..=9).map(|number| format!("peer {number}")).collect();
    let rows = names.iter().map(|name| row(name, Direction::ToProgram, "connect")).collect();
    let text = drawn_rows(rows);
    assert!(text.contains("9 peers │ ── connect ──"), "{text}");
}

#[test]
fn the_marked_row_stays_a_line_of_its_own() {
    let rows = (0..10).map(|_| bytes("peer", Direction::ToProgram, b"x")).collect();
    let mut ladder = Ladder { program: "lab04 serve".to_owned(), rows, ..Ladder::default() };
    let text = drawn(&mut ladder, "wanted it to wait");
    assert!(text.contains("── 9 × 1 byte ──") || text.contains(" as 9 × 1 byte ──"), "{text}");
    assert!(text.contains("✗ wanted it to wait"), "{text}");
}

#[test]
fn the_question_of_a_wrong_answer_is_shown_whole() {
    let answers = |peer: &str, length: &str| {
        let request = format!(
            "POST /-/echo HTTP/1.1\r\nHost: x\r\nAccept: */*\r\nContent-Length: {length}\r\n\r\n"
        );
        let answer = bytes(peer, Direction::FromProgram, b"HTTP/1.1 200 OK\r\n\r\n");
        [bytes(peer, Direction::ToProgram, request.as_bytes()), answer]
    };
    let rows = [answers("peer", "3"), answers("peer 2", "+3")].concat();
    let mut ladder = Ladder { program: "lab10 serve".to_owned(), rows, ..Ladder::default() };
    ladder.mark(Some("peer 2"), "wanted 400");
    let text = render(&ladder, &Style::PLAIN);
    assert!(text.contains(r#"  peer │ ── "POST"#), "{text}");
    assert!(text.contains(r#"peer 2 │ ── "POST /-/echo HTTP/1.1\r\n" ──"#), "{text}");
    assert!(text.contains(r#"│ ── "Content-Length: +3\r\n" ──"#), "{text}");
    assert!(!text.contains(r#"Content-Length: 3\r"#), "only the one that matters: {text}");
}

#[test]
fn a_long_line_of_a_question_is_shown_in_pieces() {
    let line = format!("GET /{} HTTP/1.1\n", "a".repeat(90));
    let rows = vec![
        bytes("peer", Direction::ToProgram, line.as_bytes()),
        row("peer", Direction::FromProgram, "FIN"),
    ];
    let mut ladder = Ladder { program: "lab10 serve".to_owned(), rows, ..Ladder::default() };
    ladder.mark(Some("peer"), "wanted 200");
    let text = render(&ladder, &Style::PLAIN);
    let pieces = text.lines().filter_map(|line| line.split('"').nth(1));
    assert_eq!(pieces.collect::<String>(), line.replace('\n', "\\n"), "{text}");
}

#[test]
fn what_is_left_out_shows_an_ellipsis() {
    let rows = (0..9).map(|number| row("peer", Direction::Note, &format!("{number}")));
    let rows = [row("a peer of a very long name", Direction::ToProgram, "connect")]
        .into_iter()
        .chain([row("peer", Direction::FromProgram, "FIN")])
        .chain(rows)
        .collect();
    let mut ladder = Ladder { program: "lab04 serve".to_owned(), rows, ..Ladder::default() };
    let text = drawn(&mut ladder, "wanted no FIN");
    assert!(text.contains("a peer of a ver… │"), "{text}");
    assert!(text.contains("… 6 more …"), "{text}");
}

#[test]
fn a_row_names_its_run_when_there_are_several() {
    let rows = vec![
        row("serve", Direction::Note, "listening on 127.0.0.1:7007"),
        row("get", Direction::Note, "stdout: end"),
    ];
    let runs = vec!["serve".to_owned(), "get".to_owned()];
    let program = "lab07 serve, lab07 get".to_owned();
    let mut ladder = Ladder { program, runs, rows, mark: None };
    let text = render(&ladder, &Style::PLAIN);
    assert!(text.contains("serve │ "), "{text}");
    assert!(text.contains("  get │ "), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    ladder.runs.pop();
    let text = render(&ladder, &Style::PLAIN);
    assert!(!text.contains("serve │ "), "{text}");
}

#[test]
fn a_long_command_line_is_shown_in_full() {
    let started = "started with --connect 127.0.0.1:34421 --name alice --timeout 2500 --attempts 4 --jitter off";
    let text = drawn_rows(vec![row("", Direction::Note, started)]);
    let words = text.replace(['│', '·'], " ");
    let shown: Vec<&str> = words.split_whitespace().collect();
    assert!(shown.join(" ").contains("--jitter off"), "{text}");
    assert!(shown.contains(&"127.0.0.1:34421"), "{text}");
    assert_eq!(text.lines().count(), 4, "{text}");
}

#[test]
fn a_line_of_a_note_does_not_end_inside_of_quotes() {
    let pieces = |note: &str| {
        let text = drawn_rows(vec![row("", Direction::Note, note)]);
        assert!(text.lines().all(|line| line.matches('"').count() % 2 == 0), "{text}");
        text.lines().filter_map(|line| line.split('"').nth(1)).collect::<String>()
    };
    let listening = r"listening on unix:/tmp/.tmpAb12Cd/a-socket\n";
    assert_eq!(pieces(&format!("stdout: \"{listening}\"")), listening);
    let long = r"TCP_NODELAY asked off got of";
    assert_eq!(pieces(&format!("stdout: \"{long}\"… (93 bytes)")), long);
    let word = "x".repeat(80);
    assert_eq!(pieces(&format!("stdin: \"{word}\"")), word);
}

#[test]
fn an_argument_with_spaces_is_in_one_line() {
    let started = r#"started with send --connect 127.0.0.1:34421 "add 5" "add 1,000,000""#;
    let text = drawn_rows(vec![row("", Direction::Note, started)]);
    assert!(text.contains(r#"  "add 1,000,000" ·"#), "{text}");
    assert_eq!(text.matches('"').count(), 4, "{text}");
}

#[test]
fn several_short_lines_of_one_read_have_an_arrow_each() {
    let received = b"ERROR line too long\nWelcome, alice. Here: bob\n";
    let text = drawn_rows(vec![bytes("peer", Direction::FromProgram, received)]);
    assert!(text.contains(r#"─ "ERROR line too long\n" ──"#), "{text}");
    assert!(text.contains(r#"─ "Welcome, alice. Here: bob\n" ──"#), "{text}");
    assert_eq!(text.matches(" ms").count(), 1, "{text}");
}

#[test]
fn the_count_of_a_repeated_row_is_not_cut() {
    let wait = "(silence, 25ms) after a long row of words";
    let text = drawn_rows((0..20).map(|_| row("peer", Direction::ToProgram, wait)).collect());
    assert!(text.contains("… × 20 ──"), "{text}");
}

#[test]
fn a_live_ladder_draws_each_row_by_itself_in_the_same_columns() {
    let ladder = LiveLadder::new("lab01 serve", Style::PLAIN);
    let rows = [
        bytes("peer", Direction::ToProgram, b"hello\n"),
        bytes("the other one", Direction::FromProgram, b"hello\n"),
        row("", Direction::Note, "paused (SIGSTOP)"),
    ];
    let lines: Vec<String> = rows.iter().flat_map(|row| ladder.row(row)).collect();
    assert!(lines[0].starts_with("    peer │ ── \"hello\\n\" ─"), "{lines:?}");
    assert!(lines[1].starts_with("the oth… │ ◀─"), "{lines:?}");
    let end = |line: &String| line.chars().collect::<Vec<_>>().iter().rposition(|it| *it == '│');
    assert!(lines.iter().all(|line| end(line) == end(&lines[0])), "{lines:?}");
    assert!(ladder.heading().ends_with("lab01 serve"));
}
