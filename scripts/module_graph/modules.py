"""The module tree of a crate: for each module its items, its imports, and the paths it uses."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Iterator, NamedTuple

from .tokens import Token, end_of_group, tokenize

ITEM_KEYWORDS = {"fn", "struct", "enum", "union", "trait", "type", "const", "static"}
ITEM_STARTS = ITEM_KEYWORDS | {"mod", "use", "impl", "async", "unsafe", "extern", "macro_rules", "pub"}


class Place(NamedTuple):
    """A line of a file."""

    file: Path
    line: int


class Import(NamedTuple):
    """One name that a `use` brings in. `pub use` passes a name on; it is no use of it."""

    path: tuple[str, ...]
    passes_on: bool
    place: Place


class PathUse(NamedTuple):
    """A path in code. `next` is the token after it."""

    path: tuple[str, ...]
    place: Place
    previous: str
    next: str


@dataclass
class Module:
    """One module. A module with two files (one for each system) has the contents of both."""

    name: tuple[str, ...]
    parent: "Module | None"
    children: dict[str, "Module"] = field(default_factory=dict)
    items: set[str] = field(default_factory=set)
    macros: set[str] = field(default_factory=set)
    imports: dict[str, list[Import]] = field(default_factory=dict)
    globs: list[Import] = field(default_factory=list)
    paths: list[PathUse] = field(default_factory=list)

    def child(self, name: str) -> "Module":
        """The child of that name; made when it is met first."""
        return self.children.setdefault(name, Module((*self.name, name), self))

    def all(self) -> Iterator["Module"]:
        """This module and all below it."""
        yield self
        for child in self.children.values():
            yield from child.all()


def read_crate(root: Path) -> Module:
    """The module tree of the crate whose root file is `root`. Code for tests only is left out."""
    crate = Module((), None)
    Reader(crate, root, root.parent).read()
    return crate


class Reader:
    """Reads one file, or one inline module of it, into its module."""

    def __init__(self, module: Module, file: Path, folder: Path, tokens: list[Token] | None = None):
        self.module, self.file, self.folder = module, file, folder
        self.tokens = tokenize(file.read_text(encoding="utf-8")) if tokens is None else tokens
        self.attributes: list[list[Token]] = []
        self.depth = 0

    def read(self) -> None:
        index = 0
        while index < len(self.tokens):
            index = self.step(index)

    def step(self, index: int) -> int:
        """Reads what begins at `index`; returns where the next thing begins."""
        token = self.tokens[index]
        if token.is_string:
            return index + 1
        if token.text == "#" and self.text(index + 1) in ("[", "!"):
            return self.attribute(index)
        if self.is_for_tests():
            self.attributes.clear()
            return self.end_of_item(index)
        if token.text == "pub":
            return end_of_group(self.tokens, index + 1) if self.is_restricted(index) else index + 1
        attributes, self.attributes = self.attributes, []
        if token.text == "mod" and self.text(index + 2) in (";", "{"):
            return self.submodule(index, attributes)
        if token.text == "use":
            return self.use(index)
        if token.text == "include" and self.text(index + 1) == "!":
            return self.include(index)
        if self.depth == 0:
            self.item(index)
        if token.text in ("{", "}"):
            self.depth += 1 if token.text == "{" else -1
        if is_name(token):
            return self.path(index)
        return index + 1

    def text(self, index: int) -> str:
        """The token at `index`, or nothing beyond either end, or if it is a string."""
        inside = 0 <= index < len(self.tokens) and not self.tokens[index].is_string
        return self.tokens[index].text if inside else ""

    def place(self, index: int) -> Place:
        return Place(self.file, self.tokens[index].line)

    def is_restricted(self, index: int) -> bool:
        """Whether `pub` is followed by its range, as in `pub(in crate::a)`: that uses nothing."""
        return self.text(index + 1) == "(" and self.text(index + 2) in ("crate", "super", "self", "in")

    def attribute(self, index: int) -> int:
        start = index + (1 if self.text(index + 1) == "[" else 2)
        end = end_of_group(self.tokens, start)
        inner = self.tokens[start + 1 : end - 1]
        if start == index + 1:
            self.attributes.append(inner)
        for position in range(start + 1, end - 1):
            token = self.text(position)
            is_root = token in ("crate", "super", "self") and self.text(position - 1) != "::"
            if is_root or (is_name(self.tokens[position]) and self.text(position - 1) == "="):
                self.path(position)
        return end

    def is_for_tests(self) -> bool:
        texts = ["".join(token.text for token in tokens) for tokens in self.attributes]
        return any(text == "cfg(test)" or text.startswith("cfg(all(test,") for text in texts)

    def end_of_item(self, index: int) -> int:
        """The end of the item, field or statement that begins at `index`."""
        ends = (";",) if self.text(index) in ITEM_STARTS else (";", ",")
        while index < len(self.tokens):
            text = self.text(index)
            if text in ("(", "[", "{"):
                index = end_of_group(self.tokens, index)
                if text == "{":
                    return index
            elif text in ("}", ")", "]"):
                return index
            else:
                index += 1
                if text in ends:
                    return index
        return index

    def submodule(self, index: int, attributes: list[list[Token]]) -> int:
        name = self.text(index + 1)
        child = self.module.child(name)
        if self.text(index + 2) == "{":
            end = end_of_group(self.tokens, index + 2)
            inner = self.tokens[index + 3 : end - 1]
            Reader(child, self.file, self.folder / name, inner).read()
            return end
        file, folder = self.find_file(name, attributes)
        Reader(child, file, folder).read()
        return index + 3

    def find_file(self, name: str, attributes: list[list[Token]]) -> tuple[Path, Path]:
        """The file of `mod name;`, and the folder where its own submodules are."""
        for tokens in attributes:
            if tokens and tokens[0].text == "path":
                file = self.file.parent / tokens[-1].text
                return file, file.parent
        flat, nested = self.folder / f"{name}.rs", self.folder / name / "mod.rs"
        return (flat if flat.exists() else nested), self.folder / name

    def use(self, index: int) -> int:
        end = next(i for i in range(index, len(self.tokens)) if self.text(i) == ";")
        passes_on = self.text(index - 1) == "pub" or self.is_after_range(index)
        for path, name, position in use_tree(self.tokens, index + 1, end):
            if path[-1] == "self" and len(path) > 1:
                name, path = (path[-2] if name == "self" else name), path[:-1]
            found = Import(path, passes_on, self.place(position))
            if name == "*":
                self.module.globs.append(found)
            else:
                self.module.imports.setdefault(name, []).append(found)
        return end + 1

    def is_after_range(self, index: int) -> bool:
        """Whether `use` is preceded by `pub(crate)`, `pub(super)` or `pub(in …)`."""
        start = index - 1
        while start > 0 and self.text(index - 1) == ")" and self.text(start) != "(":
            start -= 1
        return self.text(start) == "(" and self.text(start - 1) == "pub"

    def include(self, index: int) -> int:
        end = end_of_group(self.tokens, index + 2)
        inner = self.tokens[index + 3 : end - 1]
        if len(inner) == 1 and inner[0].is_string:
            Reader(self.module, self.file.parent / inner[0].text, self.folder).read()
        return end

    def item(self, index: int) -> None:
        """Notes the name of an item that is declared at `index`."""
        if self.text(index) in ITEM_KEYWORDS:
            self.module.items.add(self.text(index + 1))
        elif self.text(index) == "macro_rules":
            self.module.items.add(self.text(index + 2))
            self.module.macros.add(self.text(index + 2))

    def path(self, index: int) -> int:
        """Notes the path at `index`, `a::b::c`, unless it is a method, a field or a declaration."""
        end, path = index + 1, [self.text(index)]
        while self.text(end) == "::" and end + 1 < len(self.tokens) and is_name(self.tokens[end + 1]):
            path.append(self.text(end + 1))
            end += 2
        previous = self.text(index - 1)
        if previous not in (".", "::", "fn", "let", "mut", "struct", "enum", "trait", "macro_rules"):
            use = PathUse(tuple(path), self.place(index), previous, self.text(end))
            self.module.paths.append(use)
        return end


def is_name(token: Token) -> bool:
    return not token.is_string and (token.text[0].isalpha() or token.text[0] == "_")


def use_tree(tokens: list[Token], start: int, end: int) -> list[tuple[tuple[str, ...], str, int]]:
    """`a::{b, c as d, e::*}` as (path, name, index) of each name that it brings in."""
    found, prefix, index, last = [], [], start, start
    while index < end:
        text = tokens[index].text
        if text == "{":
            close = end_of_group(tokens, index)
            found += [((*prefix, *p), n, i) for p, n, i in use_list(tokens, index + 1, close - 1)]
            return found
        if text == "*":
            return [(tuple(prefix), "*", index)]
        if text == "as":
            return [(tuple(prefix), tokens[index + 1].text, last)]
        if text != "::":
            prefix.append(text)
            last = index
        index += 1
    return [(tuple(prefix), prefix[-1], last)] if prefix else []


def use_list(tokens: list[Token], start: int, end: int) -> list[tuple[tuple[str, ...], str, int]]:
    """The parts between the commas of `{…}`. `self` there stands for the path before the brace."""
    found, begin, index = [], start, start
    while index <= end:
        if index == end or tokens[index].text == ",":
            found += use_tree(tokens, begin, index)
            begin = index + 1
            index += 1
        elif tokens[index].text == "{":
            index = end_of_group(tokens, index)
        else:
            index += 1
    return found
