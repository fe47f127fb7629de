//! dnspython reads the same messages, and asks the same questions.

use std::time::Duration;
use testkit::{Deadline, Process, Subject, answers, compare, poll_until, python, subject};

/// Prints messages in hexadecimal digits, each with the expected line behind a tab. The random
/// messages are the same in each run. `?` stands for a message that the library does not judge.
const MESSAGES: &str = r#"
import ipaddress, json, random, sys
import dns.edns, dns.exception, dns.message, dns.name, dns.opcode, dns.rcode, dns.rdata
import dns.rdataclass, dns.rdatatype, dns.rdtypes.ANY.TXT, dns.renderer, dns.rrset

random.seed(11)
KNOWN = {1: "A", 2: "NS", 5: "CNAME", 6: "SOA", 12: "PTR", 15: "MX", 16: "TXT", 28: "AAAA"}

# Other types and classes are bytes to us, so the library shall not look into them.
rdata_class = dns.rdata.get_rdata_class
def known_class(rdclass, rdtype, *args, **kwargs):
    if rdclass == 1 and int(rdtype) in KNOWN:
        return rdata_class(rdclass, rdtype, *args, **kwargs)
    return dns.rdata.GenericRdata
dns.rdata.get_rdata_class = known_class

# A label may go on behind the pointer that leads to it. Then the library reads on behind the label.
overlaps = False
read_name = dns.name.from_wire_parser
def checked_name(parser, *args, **kwargs):
    global overlaps
    wire, end = parser.wire, parser.current
    while end < len(wire) and 0 < wire[end] < 64:
        end += 1 + wire[end]
    pointer = int.from_bytes(wire[end:end + 2], "big")
    end += 2 if pointer >= 0xc000 else 1
    target = pointer & 0x3fff
    if pointer >= 0xc000 and target < end:
        overlaps = overlaps or end <= target + 1 + (wire[target] & 63)
    name = read_name(parser, *args, **kwargs)
    overlaps = overlaps or parser.current != end
    return name
dns.name.from_wire_parser = checked_name

def escaped(text, special, low):
    out = ""
    for byte in text:
        if byte in special:
            out += "\\" + chr(byte)
        elif low <= byte <= 126:
            out += chr(byte)
        else:
            out += "\\%03d" % byte
    return out

def name_text(name):
    labels = [label for label in name.labels if label]
    return "".join(escaped(label, b".\\", 33) + "." for label in labels) or "."

def data_text(rdata, known):
    if not known:
        data = rdata.data
        return "\\# %d %s" % (len(data), data.hex()) if data else "\\# 0"
    kind = int(rdata.rdtype)
    if kind == 1:
        return rdata.address
    if kind == 28:
        ip = ipaddress.IPv6Address(rdata.address)
        return "::ffff:%s" % ip.ipv4_mapped if ip.ipv4_mapped else str(ip)
    if kind in (2, 5, 12):
        return name_text(rdata.target)
    if kind == 15:
        return "%d %s" % (rdata.preference, name_text(rdata.exchange))
    if kind == 16:
        return " ".join('"%s"' % escaped(text, b'"\\', 32) for text in rdata.strings)
    return "%s %s %d %d %d %d %d" % (name_text(rdata.mname), name_text(rdata.rname), rdata.serial,
                                     rdata.refresh, rdata.retry, rdata.expire, rdata.minimum)

def class_text(number):
    return "IN" if number == 1 else "CLASS%d" % number

def type_text(number):
    return KNOWN.get(number, "TYPE%d" % number)

def record_text(rrset):
    rdclass, kind = int(rrset.rdclass), int(rrset.rdtype)
    known = rdclass == 1 and kind in KNOWN
    return "%s %d %s %s %s" % (name_text(rrset.name), rrset.ttl, class_text(rdclass), type_text(kind),
                               data_text(rrset[0], known))

def expected(wire):
    global overlaps
    overlaps = False
    line = judged(wire)
    return "?" if overlaps else line

def judged(wire):
    if len(wire) > 3 and (wire[2] >> 3) & 15 == 5:
        return "?"                  # an update has other sections
    try:
        message = dns.message.from_wire(wire, one_rr_per_rrset=True)
    except (dns.message.BadEDNS, dns.message.BadTSIG):
        return "?"
    except Exception:
        return "ERROR"
    if message.opt is not None or message.tsig is not None:
        return "?"
    flags = message.flags
    rcode = flags & 15
    names = ["NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"]
    questions = ["%s %s %s" % (name_text(q.name), class_text(int(q.rdclass)), type_text(int(q.rdtype)))
                 for q in message.question]
    answers, authority, additional = [[record_text(rrset) for rrset in section]
                                      for section in message.sections[1:]]
    return json.dumps({
        "id": message.id, "response": bool(flags & 0x8000), "opcode": (flags >> 11) & 15,
        "aa": bool(flags & 0x400), "tc": bool(flags & 0x200), "rd": bool(flags & 0x100),
        "ra": bool(flags & 0x80), "rcode": names[rcode] if rcode < 6 else "RCODE%d" % rcode,
        "questions": questions, "answers": answers, "authority": authority, "additional": additional,
    }, separators=(",", ":"), ensure_ascii=False)

def label():
    if random.random() < 0.1:
        return bytes(random.randrange(256) for _ in range(random.randrange(1, 9)))
    return random.choice([b"a", b"www", b"Mail", b"example", b"x" * 63, b"b-c"])

names = []
def name():
    if names and random.random() < 0.5:
        base = random.choice(names)
        if random.random() < 0.5:
            return base
        try:
            return dns.name.Name((label(),) + base.labels)
        except dns.name.NameTooLong:
            return base
    made = dns.name.Name([label() for _ in range(random.randrange(4))] + [b""])
    names.append(made)
    return made

def rdata():
    kind = random.choice(list(KNOWN) + [65, 65280])
    def of(text_kind, **fields):
        return rdata_class(1, text_kind)(1, text_kind, **fields)
    if kind == 1:
        return of(1, address="192.0.2.%d" % random.randrange(256))
    if kind == 28:
        return of(28, address=random.choice(["::", "::1", "2001:db8::%x" % random.randrange(65536)]))
    if kind in (2, 5, 12):
        return of(kind, target=name())
    if kind == 15:
        return of(15, preference=random.randrange(65536), exchange=name())
    if kind == 16:
        return of(16, strings=[bytes(random.randrange(256) for _ in range(random.randrange(20)))
                               for _ in range(random.randrange(1, 4))])
    if kind == 6:
        return of(6, mname=name(), rname=name(), serial=random.getrandbits(32), refresh=1, retry=2,
                  expire=3, minimum=random.getrandbits(31))
    return dns.rdata.GenericRdata(1, kind, bytes(random.randrange(256) for _ in range(random.randrange(9))))

def message():
    global names
    names = []
    flags = random.choice([0x8180, 0x8580, 0x0100, random.getrandbits(16) & ~0x7800])
    renderer = dns.renderer.Renderer(random.getrandbits(16), flags, 65535)
    for _ in range(random.choice([1, 1, 1, 0, 2])):
        renderer.add_question(name(), random.choice([1, 28, 15, 257]))
    for section in (1, 2, 3):
        for _ in range(random.randrange(4)):
            data = rdata()
            renderer.add_rrset(section, dns.rrset.from_rdata(name(), random.getrandbits(31), data))
    renderer.write_header()
    return renderer.get_wire()

def mutated(wire):
    wire = bytearray(wire)
    for _ in range(random.randrange(1, 3)):
        place = random.randrange(len(wire))
        choice = random.randrange(4)
        if choice == 0:
            wire = wire[:max(place, 1)]
        elif choice == 1:
            wire[place] = random.randrange(256)
        elif choice == 2:
            wire[place] = 0xc0
        else:
            wire.insert(place, random.randrange(256))
    return bytes(wire)

for number in range(int(sys.argv[1])):
    wire = message()
    if number % 2:
        wire = mutated(wire)
    print(wire.hex(), expected(wire), sep="\t")
"#;

/// Asks a server about all records of a zone over UDP and TCP, and prints what is wrong.
const QUERIES: &str = r#"
import sys
import dns.flags, dns.message, dns.query, dns.rcode, dns.zone

zone = dns.zone.from_file(sys.argv[2], origin="a.test.", relativize=False)
port = int(sys.argv[1])
count = 0
for name, node in zone.items():
    for rdataset in node:
        for ask in (dns.query.udp, dns.query.tcp):
            query = dns.message.make_query(name, rdataset.rdtype)
            response = ask(query, "127.0.0.1", port=port, timeout=5)
            found = response.get_rrset(response.answer, name, rdataset.rdclass, rdataset.rdtype)
            if response.rcode() != 0 or not response.flags & dns.flags.AA or found != dns.rrset.from_rdata_list(
                    name, rdataset.ttl, list(rdataset)):
                print("wrong:", name, rdataset, response)
            count += 1
print(count, "answers")
"#;

/// Prints whether the library is there.
const IS_THERE: &str =
    "import importlib.util as u; print('here' if u.find_spec('dns') else 'missing')";

/// Longer than a script takes on a busy machine.
const LONGEST: Duration = Duration::from_secs(120);

fn wait_for_end(process: &Process) {
    poll_until(Deadline::after(LONGEST), || process.has_ended());
}

/// Python with dnspython. `None`, and the test is noted as skipped, where there is none.
fn with_dnspython(lab: &Subject, script: &str) -> Option<Subject> {
    let words = [&python()?, "-u", "-c"].map(str::to_owned);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let tried = lab.another(words.iter().copied()).run([IS_THERE]).line();
    if tried != "here" {
        lab.skip("this machine has no dnspython");
        return None;
    }
    Some(lab.another(words.iter().copied().chain([script])).with_large_output(512 << 20))
}

/// Fails unless dnspython reads `count` messages like the program. Half of them have an error.
pub fn messages_agree(lab: Subject, count: usize) {
    let Some(script) = with_dnspython(&lab, MESSAGES) else { return };
    let mut script = script.run([&count.to_string()[..]]);
    wait_for_end(&script);
    let exit = script.expect_exit(0);
    let printed = String::from_utf8_lossy(&exit.stdout).into_owned();
    let pairs = printed.lines().filter_map(|line| line.split_once('\t'));
    let (questions, expected): (Vec<String>, Vec<String>) = pairs
        .filter(|(_, line)| *line != "?")
        .map(|(question, line)| (question.to_owned(), line.to_owned()))
        .unzip();
    // The library tells no place.
    let comparable = |line: &String| match line.starts_with("ERROR ") {
        true => "ERROR".to_owned(),
        false => line.clone(),
    };
    let found: Vec<String> =
        answers(&lab, &["decode"], &questions, 1).iter().map(comparable).collect();
    lab.check(
        questions.len() > count / 2,
        &format!("dnspython judged {} of {count} messages.", questions.len()),
        "enough-messages",
        "The script is at fault, not your answer.",
    );
    compare(&lab, &questions, &found, &expected);
}

#[test]
fn dnspython_reads_messages_alike() {
    messages_agree(subject!("11").with_large_output(64 << 20), 300);
}

#[test]
fn dnspython_understands_the_server() {
    let lab = subject!("11");
    let Some(script) = with_dnspython(&lab, QUERIES) else { return };
    let folder = lab.folder();
    let path = folder.path().join("zone");
    let names = (0..100).map(|number| format!("n{number}.a.test. 60 A 10.0.0.{number}\n"));
    let zone = format!(
        "a.test. 3600 SOA ns.a.test. admin.a.test. 1 3600 600 86400 300\na.test. 60 NS ns.a.test.\n\
         a.test. 60 MX 10 mail.a.test.\nt.a.test. 60 TXT \"a b\" \"\\\"\"\n{}",
        names.collect::<String>()
    );
    std::fs::write(&path, zone).expect("the test's folder can be written");
    let path = path.to_string_lossy().into_owned();
    let server = lab.serve(["--zone", &path]);
    let port = server.address().port().to_string();
    let mut script = script.run([&port[..], &path]);
    wait_for_end(&script);
    script.expect_line("208 answers").expect_exit(0);
}
