//! Tests that only the instructor has: longer, slower and ruder than the suite, and with peers
//! that nobody here wrote.

#[path = "../../../labs/03-udp/tests/suite/requests.rs"]
mod requests;

#[path = "held_back/addresses.rs"]
mod addresses;
#[path = "held_back/faults.rs"]
mod faults;
#[path = "held_back/floods.rs"]
mod floods;
#[path = "held_back/gone.rs"]
mod gone;
#[path = "held_back/peers.rs"]
mod peers;
#[path = "held_back/random.rs"]
mod random;

/// Where Python itself is: `python3` may be a script that takes its time to find it. Run it with
/// `-S`: without site-packages it starts at once.
fn python() -> Option<String> {
    let mut asked = std::process::Command::new("python3");
    let said = asked.args(["-c", "import sys; print(sys.executable)"]).output().ok()?;
    let path = String::from_utf8(said.stdout).ok()?.trim().to_owned();
    (said.status.success() && !path.is_empty()).then_some(path)
}
