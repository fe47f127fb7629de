//! The guard of a scan, in a network of its own.

use testkit::subject;

/// Runs the program, and then prints the counters of its network, which begin at 0.
const COUNT: &str = "ip address add 192.0.2.7/24 dev lo; \"$0\" \"$@\"; cat /proc/net/snmp; exit";

#[test]
fn no_packet_leaves_before_the_guard_has_looked() {
    let names = [("far.test", "127.0.0.1"), ("far.test", "192.0.2.7")];
    for target in ["192.0.2.7", "::ffff:192.0.2.7", "192.0.2.0/24", "far.test"] {
        let Some(lab) = subject!("11").with_names(&names) else { return };
        let Some(lab) = lab.with_network(COUNT) else { return };
        let exit = lab.run(["scan", target, "--ports", "1-5"]).expect_exit(0);
        let printed = String::from_utf8_lossy(&exit.stdout).into_owned();
        let sent = |protocol: &str, name: &str| {
            let mut lines = printed.lines().filter(|line| line.starts_with(protocol));
            let (names, numbers) = (lines.next().unwrap_or(""), lines.next().unwrap_or(""));
            let mut columns = names.split(' ').zip(numbers.split(' '));
            columns.find(|(column, _)| *column == name).map(|(_, number)| number.to_owned())
        };
        let counters =
            [sent("Tcp: ", "ActiveOpens"), sent("Tcp: ", "OutSegs"), sent("Udp: ", "OutDatagrams")];
        lab.check(
            counters == ["0", "0", "0"].map(|zero| Some(zero.to_owned())),
            &format!("Before {target} was refused, connections, segments and datagrams were {counters:?}."),
            "look-before-the-first-packet",
            "In `guard`, look at all addresses. Nothing is sent before it returns.",
        );
        lab.check(
            exit.stderr.contains("192.0.2."),
            &format!("The error about {target} names no address."),
            "name-the-address",
            "In `guard`, return the address that is not ours.",
        );
    }
}
