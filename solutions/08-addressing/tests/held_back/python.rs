//! Python's `ipaddress` reads the same texts, and must come to the same results.

use testkit::{Subject, answers, compare, subject};

/// Prints questions, each with the expected answer behind a tab. The random texts are the same in
/// each run. Prints nothing if this Python is too old.
const ADDRESSES: &str = r#"
import ipaddress, random, sys

# Before, ipaddress reads 010.0.0.1.
if sys.version_info < (3, 9, 5):
    sys.exit()

random.seed(8)

def ipv4():
    return ".".join(str(random.choice([0, 1, 9, 10, 99, 100, 127, 192, 255, random.randrange(256)]))
                    for _ in range(4))

def ipv6():
    groups = [random.choice(["0", "0", "0000", "1", "ffff", "%x" % random.randrange(65536),
                             "%04X" % random.randrange(65536)]) for _ in range(8)]
    if random.random() < 0.2:
        groups[6:] = [ipv4()]
    if random.random() < 0.1:
        groups[:6] = ["0", "0", "0", "0", "0", "FFFF"]
    if random.random() < 0.6:
        start = random.randrange(len(groups))
        end = random.randrange(start, len(groups)) + 1
        return ":".join(groups[:start]) + "::" + ":".join(groups[end:])
    return ":".join(groups)

def mutated(text):
    place = random.randrange(len(text) + 1)
    new = random.choice([".", ":", "0", "1", "f", "g", "x", "-", "+", "::", "256", ""])
    return text[:place] + new + text[place + random.randrange(2):]

def expected(text):
    try:
        ip = ipaddress.ip_address(text)
    except ValueError:
        return "ERROR"
    if ip.version == 4:
        bits = ".".join("%08d" % int(bin(octet)[2:]) for octet in ip.packed)
        return "%s ipv4 %s" % (ip, bits)
    mapped = ip.ipv4_mapped
    return "%s ipv6 %s" % ("::ffff:%s" % mapped if mapped else ip, ip.exploded)

count = int(sys.argv[1])
texts = [random.choice([ipv4, ipv6])() for _ in range(count)]
texts += [mutated(text) for text in texts[:count // 10]]
for text in texts:
    print(text, expected(text), sep="\t")
"#;

/// The same for networks of both families.
const NETWORKS: &str = r#"
import ipaddress, random, sys

random.seed(8)
for _ in range(int(sys.argv[1])):
    if random.random() < 0.5:
        ip, width = ipaddress.IPv4Address(random.getrandbits(32)), 32
    else:
        ip, width = ipaddress.IPv6Address(random.getrandbits(128)), 128
    prefix = random.randrange(width + 1)
    network = ipaddress.ip_network("%s/%d" % (ip, prefix), strict=False)
    count = network.num_addresses
    first, last = network[0], network[-1]
    line = str(network)
    if width == 32:
        small = prefix >= 31
        first, last = (first, last) if small else (first + 1, last - 1)
        broadcast = "none" if small else network.broadcast_address
        line += " mask %s first %s last %s broadcast %s" % (network.netmask, first, last, broadcast)
        count = count if small else count - 2
    else:
        line += " first %s last %s" % (first, last)
    print("%s/%d" % (ip, prefix), "%s hosts %d" % (line, count), sep="\t")
"#;

/// `count` questions of `script`, and the answers to them.
fn asked_of_python(
    lab: &Subject,
    script: &str,
    count: usize,
) -> Option<(Vec<String>, Vec<String>)> {
    let python = lab.python(script)?.with_large_output(64 << 20);
    let exit = python.run([&count.to_string()[..]]).expect_exit(0);
    let printed = String::from_utf8_lossy(&exit.stdout).into_owned();
    let pair = |line: &str| {
        let (question, answer) = line.split_once('\t').expect("the script prints a tab");
        (question.to_owned(), answer.to_owned())
    };
    Some(printed.lines().map(pair).unzip())
}

/// Fails unless Python reads `count` texts like the program, and a tenth of them with an error in
/// them, and unless the program reads each canonical form as it read the text.
pub fn addresses_agree(lab: Subject, count: usize) {
    let Some((questions, expected)) = asked_of_python(&lab, ADDRESSES, count) else { return };
    if questions.is_empty() {
        return lab.skip("this machine's Python is older than 3.9.5, and reads 010.0.0.1");
    }
    let shown = answers(&lab, &["show"], &questions, 1);
    canonical_forms_are_read_alike(&lab, &shown);
    // Python tells no reason, and has other kinds.
    let comparable = |line: &String| match line.starts_with("ERROR ") {
        true => "ERROR".to_owned(),
        false => line.split(' ').take(3).collect::<Vec<_>>().join(" "),
    };
    let found: Vec<String> = shown.iter().map(comparable).collect();
    compare(&lab, &questions, &found, &expected);
}

/// Asks again for the first word of each line of `show`, which is the canonical form.
fn canonical_forms_are_read_alike(lab: &Subject, shown: &[String]) {
    let accepted: Vec<String> =
        shown.iter().filter(|line| !line.starts_with("ERROR ")).cloned().collect();
    let canonical = |line: &String| line.split(' ').next().unwrap_or_default().to_owned();
    let questions: Vec<String> = accepted.iter().map(canonical).collect();
    let found = answers(lab, &["show"], &questions, 0);
    compare(lab, &questions, &found, &accepted);
}

/// Fails unless Python finds the same `count` networks.
pub fn networks_agree(lab: Subject, count: usize) {
    let Some((questions, expected)) = asked_of_python(&lab, NETWORKS, count) else { return };
    // Python prints `::/96` and the like with an IPv4 tail in some versions and not in others.
    let has_one_form = |line: &String| !line.contains("::ffff:") && !line.starts_with("::");
    let pairs = questions.into_iter().zip(expected).filter(|(_, line)| has_one_form(line));
    let (questions, expected): (Vec<String>, Vec<String>) = pairs.unzip();
    let found = answers(&lab, &["net"], &questions, 0);
    compare(&lab, &questions, &found, &expected);
}

#[test]
fn python_reads_addresses_alike() {
    addresses_agree(subject!("08"), 2_000);
}

#[test]
fn python_finds_the_same_networks() {
    networks_agree(subject!("08"), 1_000);
}
