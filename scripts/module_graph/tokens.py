"""Rust source text as tokens: comments are dropped, strings are kept as one token each."""

import re
from typing import NamedTuple


class Token(NamedTuple):
    """One token, and the line where it begins."""

    text: str
    line: int
    is_string: bool = False


TOKEN = re.compile(
    r"""
      (?P<skip> \s+ | //[^\n]* )
    | (?P<comment> /\* )
    | (?P<raw> (?:b|c)?r(?P<hashes>\#*)"(?P<raw_text>.*?)"(?P=hashes) )
    | (?P<string> (?:b|c)?"(?P<string_text>(?:\\.|[^"\\])*)" )
    | (?P<char> b?'(?:\\(?:u\{[^}]*\}|x..|.)|[^'\\])' )
    | (?P<lifetime> '[A-Za-z_]\w* )
    | (?P<word> (?:r\#)?[A-Za-z_]\w* )
    | (?P<other> :: | \d[\w]* | . )
    """,
    re.VERBOSE | re.DOTALL,
)
CLOSING = {"(": ")", "[": "]", "{": "}"}


def tokenize(text: str) -> list[Token]:
    """All tokens of `text` that are neither white space nor comments."""
    tokens, position, line = [], 0, 1
    while position < len(text):
        match = TOKEN.match(text, position)
        end = end_of_comment(text, position) if match.lastgroup == "comment" else match.end()
        token = token_of(match, line)
        if token:
            tokens.append(token)
        line += text.count("\n", position, end)
        position = end
    return tokens


def token_of(match: re.Match, line: int) -> Token | None:
    """The token that `match` stands for; literals without a name in them are no tokens."""
    if match["raw"]:
        return Token(match["raw_text"], line, True)
    if match["string"]:
        return Token(match["string_text"], line, True)
    if match["word"]:
        return Token(match["word"].removeprefix("r#"), line)
    return Token(match["other"], line) if match["other"] else None


def end_of_comment(text: str, start: int) -> int:
    """Where the block comment at `start` ends. Rust's block comments nest."""
    depth, position = 0, start
    for match in re.compile(r"/\*|\*/").finditer(text, start):
        depth += 1 if match[0] == "/*" else -1
        position = match.end()
        if depth == 0:
            return position
    return len(text)


def end_of_group(tokens: list[Token], start: int) -> int:
    """The index after the bracket that closes the one at `start`."""
    depth = 0
    for index in range(start, len(tokens)):
        if tokens[index].is_string:
            continue
        if tokens[index].text in CLOSING:
            depth += 1
        elif tokens[index].text in CLOSING.values():
            depth -= 1
            if depth == 0:
                return index + 1
    return len(tokens)
