"""Draws which module, or which package, uses which: as text in layers, or for Graphviz."""

import difflib
import re
import shlex
from pathlib import Path
from typing import Callable

from . import crates
from .cycles import Graph, layers, strong_components, without_shortcuts

MARKED = re.compile(
    r"(?P<begin><!-- picture: (?P<arguments>[^>]*?) -->\n+```text\n)(?P<body>.*?)(?P<end>```\n)",
    re.DOTALL,
)


def text(root: Path, wanted: str, depth: int | None = None) -> str:
    """The layers of a package's modules, or of the packages: the lowest first."""
    if wanted == "crates":
        return layers_of_packages(root)
    drawings = []
    for root_file in crates.find(root, wanted).crate_roots():
        graph = collapse(crates.uses_of_crate(root_file), depth)
        drawings.append(as_layers(without_bare_root(graph, root_file.stem)))
    return "\n\n".join(drawings)


def dot(root: Path, wanted: str, depth: int | None = None) -> str:
    """The same for Graphviz, with every arrow."""
    if wanted == "crates":
        normal, tests = crates.uses_of_packages(root)
        dashed = [f'  "{a}" -> "{b}" [style=dashed];' for a in tests for b in sorted(tests[a])]
        return as_dot(normal, dashed)
    graphs = [crates.uses_of_crate(file) for file in crates.find(root, wanted).crate_roots()]
    return "\n".join(as_dot(collapse(graph, depth)) for graph in graphs)


def as_dot(graph: Graph, more: list[str] | None = None) -> str:
    arrows = [f'  "{user}" -> "{used}";' for user in sorted(graph) for used in sorted(graph[user])]
    nodes = [f'  "{node}";' for node in sorted(graph)]
    return "\n".join(["digraph {", *nodes, *arrows, *(more or []), "}"])


def collapse(graph: Graph, depth: int | None) -> dict[str, set[str]]:
    """The graph of the modules down to `depth`; deeper ones count as their ancestor."""
    return merge(graph, lambda name: "::".join(name.split("::")[:depth]))


def merge(graph: Graph, shown: Callable[[str], str]) -> dict[str, set[str]]:
    """The graph in which all nodes that are shown under one name are one."""
    found: dict[str, set[str]] = {shown(node): set() for node in graph}
    for node in graph:
        found[shown(node)] |= {shown(used) for used in graph[node]} - {shown(node)}
    return found


def as_layers(graph: Graph, only_tests: Graph | None = None) -> str:
    """One line a node, in layers. Arrows that follow from others are left out."""
    both = {node: {*graph[node], *(only_tests or {}).get(node, ())} for node in graph}
    for group in strong_components(both):
        if len(group) > 1:
            raise SystemExit(f"error: these use each other in a circle: {', '.join(group)}")
    solid, all_arrows = without_shortcuts(graph), without_shortcuts(both)
    width = max(map(len, graph), default=0)
    lines = []
    for height, nodes in enumerate(layers(both)):
        for node in nodes:
            label = f"{height}" if node == nodes[0] else ""
            dashed = [used for used in all_arrows[node] if used not in graph[node]]
            lines.append(line(label, node, width, solid[node], dashed))
    return "\n".join(lines)


def without_bare_root(graph: dict[str, set[str]], root: str) -> dict[str, set[str]]:
    """The graph without its root module where that only lists and re-exports the others."""
    is_bare = not graph[root] and all(root not in used for used in graph.values())
    return {node: used for node, used in graph.items() if node != root or not is_bare}


def line(label: str, node: str, width: int, used: list[str], by_tests: list[str]) -> str:
    parts = []
    if used:
        parts.append(f"─▶ {', '.join(used)}")
    if by_tests:
        parts.append(f"╌▶ {', '.join(by_tests)}")
    return f"{label:<3}{node:<{width}}  {'  '.join(parts)}".rstrip()


def layers_of_packages(root: Path) -> str:
    """The packages. All labs are one line, `labNN`, and so are all solutions."""
    normal, tests = crates.uses_of_packages(root)
    return as_layers(merge_numbered(normal), merge_numbered(tests))


def merge_numbered(graph: Graph) -> dict[str, set[str]]:
    return merge(graph, lambda name: re.sub(r"^(lab|solution)\d\d", r"\1NN", name))


def redraw(root: Path, page: str) -> tuple[str, int]:
    """The Markdown text `page` with every marked picture drawn again, and how many it has."""

    def drawn(match: re.Match) -> str:
        wanted, *options = shlex.split(match["arguments"])
        depth = int(options[options.index("--depth") + 1]) if "--depth" in options else None
        return match["begin"] + text(root, wanted, depth) + "\n" + match["end"]

    return MARKED.subn(drawn, page)


def print_difference(before: str, after: str) -> None:
    for change in difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0):
        if not change.startswith(("---", "+++", "@@")):
            print(f"    {change}")
