//! DNS programs of other authors: dig, kdig and drill ask our server, and we ask dnsmasq and
//! unbound. Both also ask our server, as clients of other authors.

use std::fs;
use std::iter;
use std::net::{Ipv4Addr, TcpListener, UdpSocket};
use std::process::{self, Command};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use testkit::{Deadline, Process, Server, Subject, TempDir, poll_until, subject};

const ZONE: &str = r#"a.test. 3600 SOA ns.a.test. admin.a.test. 1 3600 600 86400 300
a.test. 60 NS ns.a.test.
a.test. 60 MX 10 mail.a.test.
www.a.test. 60 CNAME web.a.test.
web.a.test. 60 A 192.0.2.1
web.a.test. 60 A 192.0.2.2
web.a.test. 60 AAAA 2001:db8::1
t.a.test. 60 TXT "hello world" "a\"b"
"#;

/// Whether `program` can be started; if not, the test is noted as skipped.
fn has(lab: &Subject, program: &str) -> bool {
    // It prints its version and ends. With -v, unbound would start a server in the background.
    let flag = if matches!(program, "kdig" | "unbound") { "-V" } else { "-v" };
    let is_there = Command::new(program).arg(flag).output().is_ok();
    if !is_there {
        lab.skip(&format!("this machine has no {program}"));
    }
    is_there
}

/// A text that needs TCP.
fn long_text() -> String {
    format!("\"{}\"", ["x".repeat(250), "y".repeat(250), "z".repeat(250)].join("\" \""))
}

/// Our server with [`ZONE`], `count` further names, and a text that needs TCP.
fn serve(lab: &Subject, count: usize) -> (Server, TempDir) {
    let folder = lab.folder();
    let path = folder.path().join("zone");
    let names = (0..count).map(|number| {
        let (high, low) = (number / 256, number % 256);
        format!("n{number}.a.test. 60 A 10.0.{high}.{low}\n")
    });
    let zone = format!("{ZONE}long.a.test. 60 TXT {}\n{}", long_text(), names.collect::<String>());
    fs::write(&path, zone).expect("the test's folder can be written");
    let server = lab.serve(["--zone", &path.to_string_lossy()]);
    (server, folder)
}

/// The words of each line of `text`, one space between them.
fn lines(text: &[u8]) -> Vec<String> {
    let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    String::from_utf8_lossy(text).lines().map(words).filter(|line| !line.is_empty()).collect()
}

/// What dig and kdig print about these questions.
const ANSWERS: [&str; 10] = [
    "www.a.test. 60 IN CNAME web.a.test.",
    "web.a.test. 60 IN A 192.0.2.1",
    "web.a.test. 60 IN A 192.0.2.2",
    "www.a.test. 60 IN CNAME web.a.test.",
    "web.a.test. 60 IN AAAA 2001:db8::1",
    "a.test. 60 IN MX 10 mail.a.test.",
    "a.test. 60 IN NS ns.a.test.",
    "t.a.test. 60 IN TXT \"hello world\" \"a\\\"b\"",
    "a.test. 3600 IN SOA ns.a.test. admin.a.test. 1 3600 600 86400 300",
    "web.a.test. 60 IN A 192.0.2.1",
];

/// The questions of [`ANSWERS`]. The last one is asked over TCP.
const QUESTIONS: [[&str; 2]; 7] = [
    ["www.a.test", "A"],
    ["www.a.test", "AAAA"],
    ["a.test", "MX"],
    ["a.test", "NS"],
    ["t.a.test", "TXT"],
    ["a.test", "SOA"],
    ["nosuch.a.test", "A"],
];

/// Longer than a tool takes for all its questions on a busy machine. It asks again by itself.
const LONGEST: Duration = Duration::from_secs(60);

/// The process, when it has ended.
fn ended(process: Process) -> Process {
    poll_until(Deadline::after(LONGEST), || process.has_ended());
    process
}

fn check(lab: &Subject, tool: &str, found: &[String], expected: &[String]) {
    let first = found.iter().zip(expected).find(|(one, other)| one != other);
    lab.check(
        found == expected,
        &format!(
            "{tool} printed {} lines, and {} were expected. The first difference is {first:?}.",
            found.len(),
            expected.len()
        ),
        "answer-other-programs",
        "In `reply` and `encode`, compare your response with RFC 1035, section 4.1.",
    );
}

/// Asks our server with `tool`, which takes the options of dig.
fn asked_by(tool: &str, count: usize) {
    let lab = subject!("11");
    if !has(&lab, tool) {
        return;
    }
    let (server, _folder) = serve(&lab, count);
    let port = server.address().port().to_string();
    let names: Vec<String> = (0..count).map(|number| format!("n{number}.a.test")).collect();
    // With -r, dig does not read the settings of its user. kdig has none.
    let first = if tool == "dig" { &["dig", "-r"][..] } else { &[tool] };
    let asking = lab.another(first.iter().copied());
    let mut words = vec!["@127.0.0.1", "-p", &port, "+noall", "+answer"];
    words.extend(QUESTIONS.iter().flatten());
    words.extend(names.iter().flat_map(|name| [name.as_str(), "A"]));
    let exit = ended(asking.run(words)).expect_exit(0);
    let own = ANSWERS[..9].iter().map(|line| (*line).to_owned());
    let further = (0..count)
        .map(|number| format!("n{number}.a.test. 60 IN A 10.0.{}.{}", number / 256, number % 256));
    let is_record = |line: &String| !line.starts_with(';');
    let found: Vec<String> = lines(&exit.stdout).into_iter().filter(is_record).collect();
    check(&lab, tool, &found, &own.chain(further).collect::<Vec<_>>());
    let words = ["@127.0.0.1", "-p", &port, "+noall", "+answer", "long.a.test", "TXT"];
    let exit = ended(asking.run(words)).expect_exit(0);
    let found: Vec<String> = lines(&exit.stdout).into_iter().filter(is_record).collect();
    check(&lab, tool, &found, &[format!("long.a.test. 60 IN TXT {}", long_text())]);
}

#[test]
fn dig_understands_200_answers() {
    asked_by("dig", 200);
}

#[test]
fn kdig_understands_200_answers() {
    asked_by("kdig", 200);
}

#[test]
fn drill_understands_the_answers() {
    let lab = subject!("11");
    if !has(&lab, "drill") {
        return;
    }
    let (server, _folder) = serve(&lab, 0);
    let port = server.address().port().to_string();
    for (question, line) in [(["a.test", "MX"], ANSWERS[5]), (["t.a.test", "TXT"], ANSWERS[7])] {
        let words = [&["-p", &port, "@127.0.0.1"], &question[..]].concat();
        let exit = ended(lab.another(["drill"]).run(words)).expect_exit(0);
        let is_record = |found: &String| !found.starts_with(';');
        let found: Vec<String> = lines(&exit.stdout).into_iter().filter(is_record).collect();
        check(&lab, "drill", &found, &[line.to_owned()]);
    }
}

/// How many ports a server of another author may try.
const PORT_TRIES: usize = 5;

/// A server of another author that answers, and its port. `start` starts it at a port.
fn start_other(lab: &Subject, start: impl Fn(u16) -> Process) -> (Process, u16) {
    let server = (0..PORT_TRIES).find_map(|_| {
        let port = free_port();
        Some((answering(lab, start(port), port)?, port))
    });
    check_other(lab, server.is_some());
    server.expect("the check has passed")
}

/// `process`, a server of another author, when it answers at `port`. `None`: it has ended. Another
/// program may have got the port first.
fn answering(lab: &Subject, process: Process, port: u16) -> Option<Process> {
    let query = super::dns::query(1, "web.a.test", super::dns::A);
    let mut is_answered = false;
    poll_until(Deadline::after(LONGEST), || {
        is_answered = answers(port, &query);
        is_answered || process.has_ended()
    });
    if !is_answered && process.has_ended() {
        return None;
    }
    check_other(lab, is_answered);
    Some(process)
}

fn check_other(lab: &Subject, is_answered: bool) {
    lab.check(
        is_answered,
        "The server of another author did not answer.",
        "server-of-another-author",
        "Run this server by hand, and read its log.",
    );
}

/// Whether a server answers `query` at `port` within 0.2 s.
fn answers(port: u16, query: &[u8]) -> bool {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has free ports");
    let asked = socket
        .connect((Ipv4Addr::LOCALHOST, port))
        .and_then(|()| socket.set_read_timeout(Some(Duration::from_millis(200))))
        .and_then(|()| socket.send(query));
    asked.is_ok() && socket.recv(&mut [0; 512]).is_ok()
}

/// A port that is free for UDP and TCP. It is below those that the kernel gives to clients, because
/// other tests connect meanwhile. The tests of one process each get another one.
fn free_port() -> u16 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let candidates = iter::repeat_with(|| process::id() + NEXT.fetch_add(1, Ordering::Relaxed));
    let ports = candidates.map(|number| 20_000 + (number % 10_000) as u16);
    let is_free = |port: &u16| {
        let address = (Ipv4Addr::LOCALHOST, *port);
        UdpSocket::bind(address).is_ok() && TcpListener::bind(address).is_ok()
    };
    ports.take(1_000).find(is_free).expect("loopback has free ports")
}

/// What `lookup` prints about some names of [`ZONE`], at the server at `port`.
fn look_up_all(lab: &Subject, port: u16) {
    let server = format!("127.0.0.1:{port}");
    let table: [(&[&str], Vec<String>); 4] = [
        (
            &["www.a.test"],
            vec![
                "www.a.test. CNAME web.a.test.".to_owned(),
                "web.a.test. A 192.0.2.1".to_owned(),
                "web.a.test. AAAA 2001:db8::1".to_owned(),
            ],
        ),
        (&["web.a.test", "--tcp", "--type", "A"], vec!["web.a.test. A 192.0.2.1".to_owned()]),
        (&["long.a.test", "--type", "TXT"], vec![format!("long.a.test. TXT {}", long_text())]),
        (&["a.test", "--type", "MX"], vec!["a.test. MX 10 mail.a.test.".to_owned()]),
    ];
    for (words, expected) in table {
        let args = [&["lookup"], words, &["--server", &server]].concat();
        let exit = lab.run(args).expect_exit(0);
        // Each server has its own TTL and order. One address is enough here.
        let without_ttl = |line: String| {
            let mut words: Vec<&str> = line.split(' ').collect();
            words.remove(1);
            words.join(" ")
        };
        let mut found: Vec<String> = lines(&exit.stdout).into_iter().map(without_ttl).collect();
        found.retain(|line| line != "web.a.test. A 192.0.2.2");
        check(lab, "lookup", &found, &expected);
    }
    lab.run(["lookup", "nosuch.a.test", "--server", &server])
        .expect_error(&["no such name: nosuch.a.test."]);
}

/// dnsmasq, which knows what `options` say, and its port.
fn dnsmasq(lab: &Subject, options: &[String]) -> (Process, u16) {
    let words = [
        "dnsmasq",
        "--keep-in-foreground",
        "--conf-file=/dev/null",
        "--no-resolv",
        "--no-hosts",
        "--user=",
        "--pid-file=",
        "--bind-interfaces",
        "--listen-address=127.0.0.1",
        "--log-facility=-",
    ];
    let dnsmasq = lab.another(words);
    start_other(lab, |port| {
        let port_option = format!("--port={port}");
        dnsmasq.run(options.iter().map(String::as_str).chain([&port_option[..]]))
    })
}

#[test]
fn dnsmasq_answers_us() {
    let lab = subject!("11");
    if !has(&lab, "dnsmasq") {
        return;
    }
    let text = long_text().replace("\" \"", ",").replace('"', "");
    let options = [
        "--cname=www.a.test,web.a.test".to_owned(),
        "--host-record=web.a.test,192.0.2.1,2001:db8::1,60".to_owned(),
        format!("--txt-record=long.a.test,{text}"),
        "--mx-host=a.test,mail.a.test,10".to_owned(),
        "--local=/a.test/".to_owned(),
    ];
    let (_server, port) = dnsmasq(&lab, &options);
    look_up_all(&lab, port);
}

#[test]
fn dnsmasq_asks_us() {
    let lab = subject!("11");
    if !has(&lab, "dnsmasq") {
        return;
    }
    let (server, _folder) = serve(&lab, 0);
    let option = format!("--server=/a.test/127.0.0.1#{}", server.address().port());
    let (_forwarder, port) = dnsmasq(&lab, &[option]);
    look_up_all(&lab, port);
}

/// unbound, with these lines of its configuration, and its port.
fn unbound(lab: &Subject, lines: &str) -> (Process, u16, TempDir) {
    let folder = lab.folder();
    let path = folder.path().join("unbound.conf");
    // Its usual folder is in /etc, and a sandbox may not show it.
    let directory = folder.path().display();
    let (process, port) = start_other(lab, |port| {
        let config = format!(
            "server:\n interface: 127.0.0.1@{port}\n port: {port}\n do-daemonize: no\n chroot: \"\"\n \
             directory: \"{directory}\"\n username: \"\"\n pidfile: \"\"\n use-syslog: no\n \
             do-not-query-localhost: no\n module-config: iterator\n num-threads: 1\n{lines}\n"
        );
        fs::write(&path, config).expect("the test's folder can be written");
        lab.another(["unbound", "-d", "-c", &path.to_string_lossy()]).run([])
    });
    (process, port, folder)
}

#[test]
fn unbound_answers_us() {
    let lab = subject!("11");
    if !has(&lab, "unbound") {
        return;
    }
    let data = ZONE
        .lines()
        .map(str::to_owned)
        .chain([format!("long.a.test. 60 TXT {}", long_text())])
        .map(|line| format!(" local-data: '{line}'\n"));
    let lines = format!(" local-zone: a.test. static\n{}", data.collect::<String>());
    let (_server, port, _folder) = unbound(&lab, &lines);
    // It does not follow aliases in its own data, so we ask again.
    look_up_all(&lab, port);
}

#[test]
fn unbound_asks_us() {
    let lab = subject!("11");
    if !has(&lab, "unbound") {
        return;
    }
    let (server, _folder) = serve(&lab, 0);
    // test. is one of the names that unbound answers by itself (RFC 6303).
    let lines = format!(
        " local-zone: test. nodefault\nstub-zone:\n name: a.test.\n stub-addr: 127.0.0.1@{}\n",
        server.address().port()
    );
    let (_resolver, port, _config) = unbound(&lab, &lines);
    look_up_all(&lab, port);
}
