//! Pages and pictures: what is in them, and what a program cannot put there.

use report::{
    Advice, Direction, Failure, Kind, Ladder, Mark, Outcome, Payload, Report, Row, TestId,
};
use trace::page::html;
use trace::picture::svg_file;

/// What would be markup in every place that text may have.
const HOSTILE: &str = "</title></script><script>alert(1)</script>\"'><img src=x>\u{1b}[31m";

fn row(peer: &str, sent: &[u8]) -> Row {
    let mut payload = Payload::default();
    payload.extend(sent);
    payload.trace(sent);
    Row {
        time_us: 1500,
        peer: Some(peer.to_owned()),
        direction: Direction::FromProgram,
        label: String::new(),
        payload: Some(payload),
        pieces: None,
    }
}

fn ladder(rows: Vec<Row>) -> Ladder {
    Ladder { program: "lab01 serve".to_owned(), rows, ..Ladder::default() }
}

fn passed(ladder: Ladder) -> Report {
    let test = TestId::parse("step2_echo::bytes_come_back");
    Report::new("01", test, Outcome::Passed { ladder })
}

#[test]
fn a_failure_says_what_was_expected_and_where() {
    let mut failure = Failure::new(Kind::Expectation, "unexpected-bytes", "The server sent x.");
    failure.expected = Some("y".to_owned());
    failure.received = Some("x".to_owned());
    failure.advice = Some(Advice { id: "think".to_owned(), text: "Call `read`.".to_owned() });
    let mark = Some(Mark { row: Some(0), text: "wanted y".to_owned() });
    failure.ladder = Some(Ladder { mark, ..ladder(vec![row("peer", b"x")]) });
    let page = html(&Report::failed("01", TestId::parse("step2_echo::bytes_come_back"), failure));
    for words in [
        "<h1>Bytes come back</h1>",
        "The server sent x.",
        "<dt>Expected</dt><dd><code>y</code></dd>",
        "Call <code>read</code>.",
        "cargo lab hint 01 echo",
        "1.5 ms, lab01 serve to peer: &quot;x&quot;, 1 byte. It went wrong here: wanted y",
        "class=\"row from wrong\"",
        "{\"0\":{\"len\":1,\"bytes\":\"eA==\"}}",
    ] {
        assert!(page.contains(words), "{words} in {page}");
    }
}

#[test]
fn what_a_program_sends_is_no_markup() {
    let mut hostile = row(HOSTILE, HOSTILE.as_bytes());
    hostile.label = HOSTILE.to_owned();
    let mut failure = Failure::new(Kind::Expectation, "id", HOSTILE);
    failure.details = vec![HOSTILE.to_owned()];
    failure.expected = Some(HOSTILE.to_owned());
    let mark = Some(Mark { row: None, text: HOSTILE.to_owned() });
    let ladder =
        Ladder { program: HOSTILE.to_owned(), rows: vec![hostile], mark, ..Ladder::default() };
    failure.ladder = Some(ladder.clone());
    let page = html(&Report::failed("01", TestId::parse("step2_echo::a"), failure));
    for text in [page, svg_file(&ladder)] {
        for markup in ["<script>alert", "<img", "\u{1b}", "\"'>"] {
            assert!(!text.contains(markup), "{markup} in {text}");
        }
    }
}

#[test]
fn a_page_loads_nothing() {
    let page = html(&passed(ladder(vec![row("peer", b"x")])));
    assert!(page.contains("content=\"default-src 'none'; style-src 'sha256-"), "{page}");
    for way in [" src=", "href=", "url(", "@import", "style=\"", "onclick"] {
        assert!(!page.contains(way), "{way} in {page}");
    }
}

#[test]
fn of_a_long_conversation_the_middle_is_left_out() {
    let rows = (0..1000).map(|_| row("peer", &[b'x'; 10_000])).collect();
    let page = html(&passed(ladder(rows)));
    assert_eq!(page.matches("data-row=").count(), 300);
    assert!(page.contains("… 700 rows more …"), "{}", page.len());
    assert!(page.len() < 4 << 20, "{}", page.len());
}

#[test]
fn a_few_peers_have_lifelines_and_a_crowd_shares_one() {
    let crowd = |count: usize| {
        let rows = (0..count).map(|number| row(&format!("peer {number}"), b"x")).collect();
        svg_file(&ladder(rows))
    };
    assert_eq!(crowd(4).matches("class=\"life\"").count(), 5);
    let picture = crowd(5);
    assert_eq!(picture.matches("class=\"life\"").count(), 2);
    assert!(picture.contains(">5 peers</text>") && picture.contains(">peer 4: &quot;x&quot;<"));
}
