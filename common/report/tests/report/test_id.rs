//! The parts of a test id.

use report::TestId;

#[test]
fn a_test_belongs_to_the_step_of_its_module() {
    let id = TestId::parse("suite::step2_echo::bytes_come_back");
    assert_eq!((id.step.as_deref(), id.name.as_str()), (Some("echo"), "bytes_come_back"));
    assert_eq!(id.group(), "echo");
    let nested = TestId::parse("suite::step2_echo::endings::bytes_come_back");
    assert_eq!(nested, id);
    let id = TestId::parse("held_back::x");
    assert_eq!((id.step.as_deref(), id.group(), id.name.as_str()), (None, "held_back", "x"));
}
