// Prints escapes, turned text, HTML and a formula.
// base: stub
// verdict: exited_early
// points: 0

fn attack() {
    eprintln!("\u{1b}[2J\u{1b}]0;title\u{7}\u{202e}txet\u{202c}");
    eprintln!("<script>alert(1)</script>");
    eprintln!("=HYPERLINK(\"http://example.org\",\"grade\")");
    std::process::exit(3);
}
