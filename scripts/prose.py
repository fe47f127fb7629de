#!/usr/bin/env python3
"""Measures how plain the English of this repository is: hits per 10,000 words, by kind of text.

    who     `who`, `whoever`, `whom`, `whose` as a subject of their own; not in a question, an
            indirect question, or after the noun that they describe
    body    nobody, somebody, everybody, anybody, and `others` that act
    colon   a second statement behind a colon; not a list, code, a value, a quotation or a label
    what    "all that", "what is", "what was", "what has" in the place of a noun

Code, inline code and the names of functions do not count. The rules know lists of words and no
grammar, so they find some hits too many and miss others. The limits leave room for that. Measured
with these rules, the pages and comments of ripgrep and mini-redis stay below them (0.3, 0, 2, 2).

    scripts/prose.py                     the table
    scripts/prose.py --show who          each hit with its file and line; also a kind, or `all`
    scripts/prose.py --check             exit status 1 when a limit is exceeded
    scripts/prose.py --self-test         sentences that must count, and sentences that must not
    scripts/prose.py docs/ground.md      these files only
"""

import argparse
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

sys.dont_write_bytecode = True  # CI wants the work tree as it was

from plain_english.markdown import sentences  # noqa: E402
from plain_english.rules import FINDERS  # noqa: E402
from plain_english.self_test import self_test  # noqa: E402
from plain_english.sources import KINDS, texts_of  # noqa: E402
from plain_english.words import CODE, words  # noqa: E402

LIMITS = {"who": 0.5, "body": 0.5, "colon": 10, "what": 3}


def measure(paths):
    counts, totals, hits = {kind: Counter() for kind in KINDS}, Counter(), []
    for path in paths:
        for kind, text in texts_of(path):
            for sentence in sentences(text):
                totals[kind] += len(words(sentence.characters))
                for name, find in FINDERS.items():
                    for place in find(sentence.characters):
                        counts[kind][name] += 1
                        place = f"{path}:{sentence.lines[place]}"
                        hits.append((kind, name, place, sentence.characters))
    return counts, totals, hits


def rate(count, total):
    return count * 10_000 / total if total else 0.0


def print_table(counts, totals):
    print(f"{'per 10,000 words':<18}{'words':>8}" + "".join(f"{name:>8}" for name in LIMITS))
    for kind in KINDS:
        if totals[kind]:
            rates = (rate(counts[kind][name], totals[kind]) for name in LIMITS)
            print(f"{kind:<18}{totals[kind]:>8}" + "".join(f"{value:>8.1f}" for value in rates))
    print(f"{'at most':<18}{'':>8}" + "".join(f"{limit:>8.1f}" for limit in LIMITS.values()))


def exceeded(counts, totals):
    """One hit in a short text is no habit."""
    return [
        (kind, name)
        for kind in KINDS
        for name, limit in LIMITS.items()
        if counts[kind][name] > 1 and rate(counts[kind][name], totals[kind]) > limit
    ]


def tracked_files():
    os.chdir(Path(__file__).resolve().parent.parent)
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split("\n")
    return sorted(path for path in set(listed) if Path(path).is_file())


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--show", metavar="KIND", help="list the hits: a kind of text, a rule, `all`"
    )
    parser.add_argument(
        "--check", action="store_true", help="exit status 1 when a limit is exceeded"
    )
    parser.add_argument("--self-test", action="store_true")
    parser.add_argument(
        "files", nargs="*", help="measure these files; without any, the whole repository"
    )
    options = parser.parse_args()
    if options.self_test:
        return self_test()
    counts, totals, hits = measure(options.files or tracked_files())
    for kind, name, place, sentence in hits:
        if options.show in (kind, name, "all"):
            print(f"{place}: {name}: {sentence.replace(CODE, '`…`')}")
    print_table(counts, totals)
    too_many = exceeded(counts, totals) if options.check else []
    for kind, name in too_many:
        print(f"{kind}: too many hits of `{name}`: scripts/prose.py --show {kind}", file=sys.stderr)
    return 1 if too_many else 0


if __name__ == "__main__":
    sys.exit(main())
