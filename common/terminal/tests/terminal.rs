//! What a terminal is shown.

use terminal::{
    ColorChoice, Style, WIDTH, count_of, harmless, pad, rounded, shorten, thousands, to_ascii,
    width, wrap, wrap_lines, wrap_to,
};

#[test]
fn without_colour_and_unicode_text_is_plain_ascii() {
    let style = Style::default();
    assert_eq!(style.shown(&(style.mark(true) + " " + &style.bold("done"))), "+ done");
}

#[test]
fn colours_survive_the_change_to_ascii() {
    let style = Style { color: true, unicode: false, ..Style::PLAIN };
    assert_eq!(style.shown(&style.mark(false)), "\x1b[31mX\x1b[0m");
}

#[test]
fn a_word_chooses_colours() {
    assert_eq!(ColorChoice::parse("always"), ColorChoice::Always);
    assert_eq!(ColorChoice::parse("never"), ColorChoice::Never);
    assert_eq!(ColorChoice::parse(""), ColorChoice::Auto);
}

#[test]
fn a_terminal_without_unicode_gets_ascii_only() {
    assert_eq!(to_ascii("✓ step › é …"), "+ step > ? ...");
    assert_eq!(to_ascii("│ ◀──── x ── │ ┆ ✗ ·"), "| <---- x -- | | X *");
    assert_eq!(to_ascii("− 12 µs"), "- 12 us");
}

#[test]
fn spaces_inside_of_a_line_are_not_lost() {
    assert_eq!(
        wrap_to("It sent \"  at\",\n   not \" at\".", 2, 30),
        "It sent \"  at\", not \" at\"."
    );
}

#[test]
fn long_text_is_wrapped_between_words() {
    assert_eq!(wrap_lines("one two three", 7), ["one two", "three"]);
    assert_eq!(wrap_lines("unbreakable", 4), ["unbreakable"]);
    assert_eq!(wrap_lines("", 4), [""]);
}

#[test]
fn a_command_and_code_are_not_cut() {
    let again = "Again: cargo lab test 01 listen";
    assert_eq!(wrap_lines(again, 26), ["Again:", "cargo lab test 01 listen"]);
    let stuck = "Stuck (cargo lab hint 01), and more";
    assert_eq!(wrap_lines(stuck, 21), ["Stuck", "(cargo lab hint 01),", "and more"]);
    let code = "Call `write_all(a, b)`, then go on";
    assert_eq!(wrap_lines(code, 19), ["Call", "`write_all(a, b)`,", "then go on"]);
}

#[test]
fn code_that_does_not_fit_is_cut_between_words() {
    assert_eq!(wrap_lines("`one two three`", 9), ["`one two", "three`"]);
    assert_eq!(wrap_lines("one` two", 6), ["one`", "two"], "one backtick is no code");
}

#[test]
fn the_lines_of_a_text_stay_lines_and_keep_their_indent() {
    assert_eq!(wrap_lines("one\n  two three", 7), ["one", "  two", "three"]);
}

#[test]
fn long_text_continues_below_its_own_start() {
    let wrapped = wrap(&"word ".repeat(40), 10);
    let mut later = wrapped.lines().skip(1);
    assert!(later.all(|line| line.starts_with("          word")), "{wrapped}");
    assert!(wrapped.lines().all(|line| width(line) <= WIDTH), "{wrapped}");
}

#[test]
fn a_short_text_is_padded() {
    assert_eq!(pad("é", 3), "é  ");
    assert_eq!(pad("long", 3), "long");
}

#[test]
fn numbers_are_grouped() {
    let shown = [0.0, 0.00176, 0.05, 0.875, 3.42, 71.26, 41_233.4].map(rounded);
    assert_eq!(shown, ["0", "0.0018", "0.050", "0.88", "3.42", "71.3", "41,233"]);
    assert_eq!(thousands(999), "999");
    assert_eq!(thousands(67_108_864), "67,108,864");
    assert_eq!(count_of(1, "byte"), "1 byte");
    assert_eq!(count_of(1024, "byte"), "1,024 bytes");
}

#[test]
fn what_a_program_says_cannot_paint_on_the_terminal() {
    assert_eq!(harmless("é\tx\n\u{1b}[2J\u{202e}"), "é\tx\n\\u{1b}[2J\\u{202e}");
}

#[test]
fn a_long_sentence_loses_its_middle() {
    assert_eq!(shorten("It says this."), "It says this.");
    let long = shorten(&format!("It says {}.", "é".repeat(10_000)));
    assert!(long.starts_with("It says é") && long.ends_with("é."), "{long}");
    assert_eq!(long.chars().count(), 601);
}
