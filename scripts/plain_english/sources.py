"""Texts out of pages, Rust files and lab.toml: lists of numbered lines of Markdown."""

import re
from pathlib import Path

from plain_english.markdown import CODE_LINE
from plain_english.words import words

RUST = re.compile(
    r"""(?P<comment>//[^\n]*)|(?P<long>/\*.*?\*/)|(?P<raw>\b[bc]?r(?P<hash>\#*)".*?"(?P=hash))
    |(?P<bytes>\b[bc]"(?:\\.|[^"\\])*")|(?P<string>"(?:\\.|[^"\\])*")|'(?:\\[^']+|[^'\\])'
    |(?P<call>\w+)!?\s*\((?=.)|(?P<open>\()|(?P<close>\))|(?P<test>\#\[cfg\(test\)\])""",
    re.S | re.X,
)


def scan(source):
    """The comments of a Rust file, as numbered lines, and its strings, with their calls."""
    comments, strings, calls, is_test, line, end = [], [], [], False, 1, 0
    for match in RUST.finditer(source):
        line += source.count("\n", end, match.start())
        end = match.start()
        if match["comment"]:
            mark = re.match(r"//[/!]?", match[0])[0]
            if not comments or comments[-1][0] != mark or comments[-1][1][-1][0] != line - 1:
                comments.append((mark, []))
            comments[-1][1].append((line, match[0][len(mark) :]))
        elif match["string"] and not is_test:
            strings.append((line, unescape(match[0][1:-1]), tuple(calls)))
        elif match["call"] or match["open"]:
            calls.append(match["call"] or "")
        elif match["close"] and calls:
            calls.pop()
        is_test = is_test or bool(match["test"])
    return comments, strings


def unescape(string):
    string = re.sub(r"\\\n\s*", "", string).replace("\\n", "\n").replace('\\"', '"')
    return re.sub(r"\\u\{\w+\}|\\[tr0e]|\\x..", " ", string)


def comment_texts(source):
    return [lines for _, lines in scan(source)[0]]


def string_texts(source, skip_calls=r"$^"):
    """Strings of at least four words that are prose: no wire text, no names."""
    for line, string, calls in scan(source)[1]:
        is_wire = string.endswith("\n") or bool(calls and re.match(skip_calls, calls[-1]))
        if len(words(string)) >= 4 and not is_wire:
            yield [(line, part) for part in string.split("\n") if not CODE_LINE.search(part)]


WIRE_CALLS = (
    "send|expect|starts_with|ends_with|contains|replace|exchange|join|say$|ask|types|prints|find"
)


def suite_texts(source):
    """Advice and reasons, and not the bytes that a test sends and expects."""
    return string_texts(source, WIRE_CALLS)


def help_texts(source):
    return comment_texts(source) + list(string_texts(source))


TOML_KEYS = ("title", "idea", "hint", "hints", "test_hints")

TOML = re.compile(
    r"""(?m)^\s*(?P<key>[\w-]+)\s*=|^\s*\[|\#[^\n]*
    |(?P<text>'''.*?'''|\"\"\".*?\"\"\"|"(?:\\.|[^"\\])*"|'[^'\n]*')""",
    re.S | re.X,
)


def toml_texts(source):
    key = None
    for match in TOML.finditer(source):
        if match["key"]:
            key = match["key"]
        elif match["text"] and key in TOML_KEYS:
            line = source.count("\n", 0, match.start()) + 1
            parts = enumerate(unescape(match["text"].strip("'\"")).split("\n"), line)
            yield [(number, "" if CODE_LINE.search(part) else part) for number, part in parts]


def page_texts(source):
    return [list(enumerate(source.split("\n"), 1))]


KINDS = ["pages", "comments", "lab.toml", "suites", "kit", "help", "runner", "programs"]

BY_PATH = [
    (r".*\.md$", [("pages", page_texts)]),
    (r"(?:.*/)?lab\.toml$", [("lab.toml", toml_texts)]),
    (r".*command_line\.rs$", [("help", help_texts)]),
    (
        r"(?:labs|solutions)/[^/]+/tests/.*\.rs$",
        [("comments", comment_texts), ("suites", suite_texts)],
    ),
    (r".*/(?:tests|benches)/.*\.rs$", [("comments", comment_texts)]),
    (
        r"common/(?:src/testkit|(?!src)[^/]+)/.*\.rs$",
        [("comments", comment_texts), ("kit", string_texts)],
    ),
    (r"scripts/.*\.rs$", [("comments", comment_texts), ("runner", string_texts)]),
    (r".*\.rs$", [("comments", comment_texts), ("programs", string_texts)]),
]


# The style guide quotes what it forbids.
NOT_MEASURED = ["docs/style.md"]


def texts_of(path):
    """Pairs of a kind and the numbered lines of one text."""
    for pattern, extractors in BY_PATH:
        if re.match(pattern, path) and path not in NOT_MEASURED:
            source = Path(path).read_text(encoding="utf-8")
            return [(kind, text) for kind, extract in extractors for text in extract(source)]
    return []
