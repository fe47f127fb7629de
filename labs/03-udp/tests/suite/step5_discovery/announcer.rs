//! The announcer: what it answers, whom, and from where.

use super::super::groups::{
    ASK_THROUGH_THE_INTERFACE, NO_GROUPS, ONLY_SHUTDOWN_STOPS, announce, group,
};
use std::net::{SocketAddr, UdpSocket};
use std::time::{Duration, Instant};
use testkit::{Deadline, MulticastGroup, Server, Subject, UdpPeer, poll_until, show_all, subject};

const ANSWER_THE_ASKER_ONLY: (&str, &str) = (
    "answer-the-asker-only",
    "In `announce`, send the answer to the sender of the question only, not to the group.",
);

#[test]
fn an_announcer_answers_only_questions_to_the_group() {
    let lab = subject!("03");
    let Some(group) = group(&lab) else {
        return lab.skip(NO_GROUPS);
    };
    let server = announce(&lab, &group, "printer");
    let mut caller = group.sender("caller");
    caller.send(b"WHO");
    if !poll_until(Deadline::usual(), || caller.has_received()) {
        explain_silence(&group, &mut caller, &server);
    }
    caller
        .says(
            "answer-with-here",
            "In `announce`, answer `WHO` with `HERE ` and the name, and nothing more.",
        )
        .expect(b"HERE printer");
    let from = caller.last_sender();
    caller.check(
        from == server.address(),
        &format!(
            "The announcer says that it listens on {}, and answered from {from}.",
            server.address()
        ),
        "answer-through-own",
        "In `announce`, answer through `own`, not through `member`. `discover` prints the address from which the answer came.",
    );
    caller.expect_silence();
    // Only now, see `explain_silence`.
    let mut member = group.member("member");
    caller.says(ONLY_SHUTDOWN_STOPS.0, ONLY_SHUTDOWN_STOPS.1).send(b"WHO").expect(b"HERE printer");
    member.says(ANSWER_THE_ASKER_ONLY.0, ANSWER_THE_ASKER_ONLY.1).expect(b"WHO");
    member.expect_silence();
    // What it has not read would look like what the announcer has not read.
    drop(member);
    send_no_questions(&server, &mut caller);
    send_elsewhere(&lab, &mut caller);
}

/// Fails, because `caller` has got no answer. Only now does another socket join the group. Before, it
/// would have hidden a missing join.
fn explain_silence(group: &MulticastGroup, caller: &mut UdpPeer, server: &Server) {
    let mut member = group.member("member");
    caller.send(b"WHO");
    server.wait_until_idle();
    // The question comes here, too.
    let is_sent_to_group = std::iter::from_fn(|| member.look()).any(|datagram| datagram != b"WHO");
    let (id, think) = match is_sent_to_group {
        true => ANSWER_THE_ASKER_ONLY,
        false => (
            "join-the-group",
            "In `join`, bind to the group's address, not to `interface`, and call `join_multicast_v4` with `&interface`. In `announce`, answer `WHO`.",
        ),
    };
    caller.check(false, "The announcer sent no answer to the asker.", id, think);
}

/// Sends datagrams to the group that are no question.
fn send_no_questions(server: &Server, caller: &mut UdpPeer) {
    caller.says("answer-only-the-question", "In `announce`, answer only a datagram that equals QUESTION. Two programs that answer answers never stop.");
    for other in [b"HERE scanner".as_slice(), b"", b"who", b"\xff\xff"] {
        caller.send(other);
    }
    caller.expect_silence();
    server.check(
        !server.has_ended(),
        "The announcer has ended after a datagram that is no question.",
        ONLY_SHUTDOWN_STOPS.0,
        ONLY_SHUTDOWN_STOPS.1,
    );
    caller
        .says(
            "compare-the-whole-datagram",
            "In `announce`, compare the whole datagram with QUESTION, and receive into a larger buffer. The kernel cuts a datagram that does not fit.",
        )
        .send(b"WHO?")
        .expect_silence()
        .send(b"WHO\n")
        .expect_silence();
    caller.send(b"WHO").expect(b"HERE printer");
    caller.expect_silence();
}

#[test]
fn several_announcers_share_the_port_and_stop_one_by_one() {
    let lab = subject!("03");
    let Some(group) = group(&lab) else {
        return lab.skip(NO_GROUPS);
    };
    let [going, staying] = ["one", "two"].map(|name| announce(&lab, &group, name));
    let mut caller = group.sender("caller");
    caller.says(
        "every-member-gets-a-copy",
        "In `join`, set SO_REUSEADDR before bind, and bind to the group's address. Then every member gets a copy of each datagram.",
    );
    caller.send(b"WHO");
    let mut answers = [1, 2].map(|_| String::from_utf8_lossy(&caller.receive()).into_owned());
    answers.sort();
    caller.check(
        answers == ["HERE one", "HERE two"],
        &format!("Two announcers answered {}.", show_all(&answers)),
        "answer-with-the-name",
        "In `announce`, answer with the given `name`.",
    );
    stops_alone(going, &staying, &group);
}

/// Stops `server`, and expects that `other` goes on.
fn stops_alone(mut server: Server, other: &Server, group: &MulticastGroup) {
    let member = group.member("member");
    let asked = Instant::now();
    if !server.interrupt() {
        return server.skip("this system has no signals");
    }
    poll_until(Deadline::usual(), || member.has_received() || server.has_ended());
    // `Shutdown` ends a server by force after two seconds.
    let has_ended_by_itself = server.has_ended() && asked.elapsed() < Duration::from_secs(1);
    member.check(
        member.has_received() || has_ended_by_itself,
        "After Ctrl-C, no datagram reached the group on the interface 127.0.0.1 to wake the announcer.",
        "ask-through-the-interface",
        ASK_THROUGH_THE_INTERFACE,
    );
    server
        .says("announce-checks-shutdown", "In `announce`, check `shutdown.is_requested()` after each `recv_from`. After Ctrl-C, an empty datagram to the group wakes it.")
        .expect_stopped_at_once();
    // The empty datagram that woke the one went to the group, and so to the other as well.
    let mut caller = group.sender("caller");
    caller
        .says(
            "ignore-an-empty-datagram",
            "In `announce`, ignore an empty datagram unless `shutdown.is_requested()`. It wakes another announcer of the same group.",
        )
        .send(b"WHO");
    caller.expect(b"HERE two");
    other.check(
        !other.has_ended(),
        "The other announcer has ended, too.",
        ONLY_SHUTDOWN_STOPS.0,
        ONLY_SHUTDOWN_STOPS.1,
    );
}

/// Sends the question to the group's port at another address. `caller` asks the group.
fn send_elsewhere(lab: &Subject, caller: &mut UdpPeer) {
    // An address of this machine that no other test uses.
    let elsewhere = "127.70.0.3";
    if cfg!(windows) || UdpSocket::bind((elsewhere, 0)).is_err() {
        return lab.skip("this machine has only one loopback address, or binds to no group");
    }
    let target = SocketAddr::new(elsewhere.parse().expect("an address"), caller.peer().port());
    lab.unrelated_sender("stranger", target)
        .says(
            "bind-to-the-groups-address",
            "In `join`, bind to the address of the group, not to 0.0.0.0. A socket at 0.0.0.0 also receives datagrams to other addresses and other groups.",
        )
        .send(b"WHO")
        .expect_silence();
    caller.send(b"WHO").expect(b"HERE printer");
}

#[test]
fn an_error_about_one_asker_does_not_end_an_announcer() {
    let rows = [
        (
            "sendto,sendmsg:error=EPERM:when=1",
            "go-on-after-a-failed-answer",
            "In `announce`, go on after each error of `send_to`. It concerns one asker, and not the socket.",
        ),
        (
            "recvfrom,recvmsg:error=ECONNREFUSED:when=1",
            "go-on-after-a-refusal",
            "In `announce`, sort the errors of `recv_from`. After `ConnectionReset` and `ConnectionRefused`, receive the next datagram. They concern one asker.",
        ),
        (
            "recvfrom,recvmsg:error=EINTR:when=1",
            "announce-goes-on-after-a-signal",
            "In `announce`, receive again after `Interrupted`. A signal interrupted the call, and the socket still works.",
        ),
    ];
    for (fault, id, think) in rows {
        // A ladder for each.
        let Some(lab) = subject!("03").with_fault(fault) else { return };
        let Some(group) = group(&lab) else {
            return lab.skip(NO_GROUPS);
        };
        let _server = announce(&lab, &group, "printer");
        let mut caller = group.sender("caller");
        caller.says(id, think).send(b"WHO").send(b"WHO").expect(b"HERE printer");
    }
}

#[test]
fn an_error_of_the_socket_ends_an_announcer() {
    let Some(lab) = subject!("03").with_fault("recvfrom,recvmsg:error=EBADF") else { return };
    let Some(group) = group(&lab) else {
        return lab.skip(NO_GROUPS);
    };
    announce(&lab, &group, "printer")
        .says(
            "return-an-error-of-the-member",
            "In `announce`, return every other error of `recv_from`. After `continue`, a broken socket would make the loop spin for ever.",
        )
        .expect_error(&[]);
}

#[test]
fn an_announcer_must_have_a_proper_name() {
    let lab = subject!("03");
    let Some(group) = group(&lab) else {
        return lab.skip(NO_GROUPS);
    };
    // The last one has 33 characters, and 65 bytes. U+009B is a control character beyond ASCII.
    for name in ["", "\u{9b}2J", &format!("x{}", "\u{fc}".repeat(32))] {
        // A ladder for each.
        let lab = subject!("03");
        lab.try_serve_as("announce", "127.0.0.1:0", ["--name", name, "--group", &group.address()])
            .says("refuse-an-invalid-name", &format!("In `is_name`, return false for {name:?}. A name has 1 to 64 bytes and no control character."))
            .expect_exit(2);
    }
}
