// Puts /etc/shadow into the program.
// base: stub
// verdict: did_not_compile
// points: 0

const SECRETS: &str = include_str!("/etc/shadow");

fn attack() {
    eprintln!("{SECRETS}");
}
