"""Sentences out of Markdown, with the lines of their words. Pages and comments are Markdown."""

import re

from plain_english.words import CODE


class Text:
    """Characters, each with the number of its line."""

    def __init__(self, characters, lines):
        self.characters, self.lines = characters, lines

    @classmethod
    def of(cls, numbered):
        joined = " ".join(line for _, line in numbered)
        lines = [number for number, line in numbered for _ in line + " "]
        return cls(joined, lines[: len(joined)])

    def replace(self, pattern, replacement):
        characters, lines, end = "", [], 0
        for match in re.finditer(pattern, self.characters, re.S):
            new = match.expand(replacement)
            characters += self.characters[end : match.start()] + new
            lines += self.lines[end : match.start()] + [self.lines[match.start()]] * len(new)
            end = match.end()
        return Text(characters + self.characters[end:], lines + self.lines[end:])

    def split(self, pattern):
        start = 0
        for match in re.finditer(pattern, self.characters):
            yield Text(self.characters[start : match.start()], self.lines[start : match.start()])
            start = match.end()
        yield Text(self.characters[start:], self.lines[start:])


MASKS = [
    (r"(`+)[^`].*?\1", CODE),
    (r"!?\[([^\]]*)\](?:\([^)\s]*\)|\[[^\]]*\])?", r"\1"),
    (r"<?https?://\S+|<!--.*?-->", CODE),
    (r"\{[^{}\s]*\}", CODE),
    (r"\*+", ""),
]

CLOSE = r"[\"”)]"
BEGIN = rf"[\"“(A-Z\d{CODE}]"
SENTENCE_END = rf"(?<=[?!]){CLOSE}*\s+|(?<=\.){CLOSE}*\s+(?={BEGIN})|(?<=\.{CLOSE})\s+(?={BEGIN})"
NEW_BLOCK = r"\s*(?:[*+-]|\d+[.)])\s+|\s*#+\s"
DRAWING = re.compile(r"[─│┌└├▶◀═╌┆✗]|^\s*\|?[\s:|-]+\|?$")
CODE_LINE = re.compile(
    r"[;{}]\s*$|=>|^\s*[}#$]|\w\(\w*\)\.\w"
    r"|^\s*(?:let|fn|for|match|loop|use|pub|impl)\b.*[({|]"
)


def sentences(numbered):
    for block in blocks(numbered):
        text = Text.of(block)
        for pattern, replacement in MASKS:
            text = text.replace(pattern, replacement)
        cells = text.split(r"\s*\|\s*") if block[0][1].lstrip().startswith("|") else [text]
        for cell in cells:
            yield from cell.split(SENTENCE_END)


def blocks(numbered):
    """Paragraphs, list items, headings and table rows, without code and drawings."""
    block, fence = [], None
    for number, line in numbered:
        line = re.sub(r"^\s*(?:>\s?)+", "", line)
        mark = re.match(r"\s*(```+|~~~+)", line)
        is_row = line.lstrip().startswith("|")
        if block and (fence or mark or is_row or not line.strip() or re.match(NEW_BLOCK, line)):
            yield block
            block = []
        if mark and (fence is None or fence == mark[1][:3]):
            fence = None if fence else mark[1][:3]
        elif not fence and line.strip() and not DRAWING.search(line):
            block.append((number, re.sub(f"^(?:{NEW_BLOCK})", "", line)))
            if is_row or line.lstrip().startswith("#"):
                yield block
                block = []
    if block:
        yield block
