"""Sentences that must count, and sentences that must not."""

from plain_english.markdown import sentences
from plain_english.rules import FINDERS
from plain_english.sources import comment_texts, page_texts, suite_texts, toml_texts

SENTENCES = {
    "who": (
        [
            "Whoever wants an answer asks again.",
            "Who comes second waits.",
            "Whose queue is full is dropped.",
            "The others wake who sleeps.",
            "Those are the times of who asks.",
            "A name goes to whoever reads.",
        ],
        [
            "Who is there?",
            "A client who waits is served.",
            "Ask the kernel who is ready.",
            "The peer whose queue is full leaves.",
            "The client, to whom it answered, leaves.",
            "The test asks `who` first.",
            "Does it tell who waits from who works?",
        ],
    ),
    "body": (
        [
            "Nobody is served.",
            "That is nobody else's error.",
            "All others hear it.",
            "It answers everybody.",
        ],
        [
            "No client is served.",
            "One test fails and the other tests pass.",
            "The name is `nobody`.",
        ],
    ),
    "colon": (
        [
            "Read in a loop: a read can stop anywhere.",
            "It was let in: it has a right to its answer.",
            "The queue is full: close the connection.",
            "The thread sleeps in read: somebody must wake it.",
            "The answer has no end: clients wait for ever.",
            "The peer chose this number: check it first.",
        ],
        [
            "It makes four calls: socket, setsockopt, bind and listen.",
            "The limit is a value: 1,024 bytes.",
            "Run it like this:",
            "Step echo: every byte comes back.",
            "It prints one line: `stopped`.",
            "`Ok(None)`: the peer closed between frames.",
            'It prints: "the client is gone".',
            "Time: about four hours.",
            "It has two endpoints: the address that a client has, and a port.",
        ],
    ),
    "what": (
        ["Send back what has come.", "Print all that it wrote.", "What is lost is sent again."],
        [
            "What is a frame?",
            "Ask what is there.",
            "It is not all that fast.",
            "Send the bytes received.",
        ],
    ),
}

PAGE = """A page.

```sh
whoever runs this: nobody does
```

* Whoever reads `nobody`
  waits.

| nobody | a cell |
| --- | --- |
"""

SOURCE = """
//! Step echo: nobody is served.

#[test]
fn nobody_waits_whoever_comes() {
    peer.says("wake whoever sleeps in read").send("nobody reads this\\n").expect(b"nobody");
}
"""

MANIFEST = """
title = "Echo: nobody waits"
tests = ["nobody_waits", "who comes second waits"]
hints = [
  "Wake whoever sleeps.",
]
"""

SAMPLES = [
    (PAGE, page_texts, [("who", 7), ("body", 10)]),
    (SOURCE, comment_texts, [("body", 2)]),
    (SOURCE, suite_texts, [("who", 6)]),
    (MANIFEST, toml_texts, [("body", 2), ("who", 5)]),
]


def self_test():
    wrong = list(wrong_sentences()) + list(wrong_samples())
    print("\n".join(wrong) or "every sample is counted as it should be")
    return 1 if wrong else 0


def wrong_sentences():
    for name, (must, must_not) in SENTENCES.items():
        for text in must + must_not:
            is_found = name in (found for found, _ in hits([(1, text)]))
            if is_found != (text in must):
                yield f"{name}: {'counts' if is_found else 'does not count'}: {text}"


def wrong_samples():
    for sample, extract, expected in SAMPLES:
        found = [hit for text in extract(sample) for hit in hits(text)]
        if found != expected:
            yield f"{extract.__name__}: {found} and not {expected}"


def hits(numbered):
    for sentence in sentences(numbered):
        for name, find in FINDERS.items():
            for place in find(sentence.characters):
                yield name, sentence.lines[place]
