"""The cycles of a graph, and its layers."""

from collections import deque
from typing import Iterable, Mapping

Graph = Mapping[str, Iterable[str]]


def strong_components(graph: Graph) -> list[list[str]]:
    """The groups of nodes that reach each other, by Kosaraju's algorithm; users come last."""
    order, seen = [], set()
    for node in sorted(graph):
        visit(graph, node, seen, order)
    reverse: dict[str, list[str]] = {node: [] for node in graph}
    for node in graph:
        for target in graph[node]:
            reverse[target].append(node)
    components, seen = [], set()
    for node in reversed(order):
        members: list[str] = []
        visit(reverse, node, seen, members)
        if members:
            components.append(sorted(members))
    return components[::-1]


def visit(graph: Graph, start: str, seen: set[str], order: list[str]) -> None:
    """Appends to `order` what `start` reaches and `seen` lacks; each node after those it uses."""
    stack = [(start, False)]
    while stack:
        node, is_done = stack.pop()
        if is_done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack += [(target, False) for target in sorted(graph[node], reverse=True)]


def cycles(graph: Graph) -> list[list[str]]:
    """For each edge that is part of a cycle, the shortest cycle through it; each cycle once."""
    found: dict[tuple[str, ...], list[str]] = {}
    for component in strong_components(graph):
        inside = set(component)
        for node in component:
            for target in sorted(set(graph[node]) & inside):
                cycle = [node, *shortest_path(graph, target, node, inside)]
                start = cycle.index(min(cycle))
                rotated = cycle[start:-1] + cycle[:start]
                found.setdefault(tuple(rotated), [*rotated, rotated[0]])
    return sorted(found.values(), key=lambda cycle: (len(cycle), cycle))


def shortest_path(graph: Graph, start: str, end: str, inside: set[str]) -> list[str]:
    """The shortest way from `start` to `end`, both included."""
    before: dict[str, str | None] = {start: None}
    queue = deque([start])
    while queue and end not in before:
        node = queue.popleft()
        for target in sorted(set(graph[node]) & inside):
            if target not in before:
                before[target] = node
                queue.append(target)
    path, node = [], end
    while node is not None:
        path.append(node)
        node = before[node]
    return path[::-1]


def layers(graph: Graph) -> list[list[str]]:
    """The nodes in layers: each one above all that it uses. The lowest layer is the first."""
    heights: dict[str, int] = {}
    for component in strong_components(graph):
        below = [heights[t] for n in component for t in graph[n] if t not in component]
        for node in component:
            heights[node] = 1 + max(below, default=-1)
    found: list[list[str]] = [[] for _ in range(max(heights.values(), default=-1) + 1)]
    for node in sorted(heights):
        found[heights[node]].append(node)
    return found


def without_shortcuts(graph: Graph) -> dict[str, list[str]]:
    """The graph without the edges that follow from longer ways."""
    reached = {node: reach(graph, node) for node in graph}
    return {
        node: sorted(
            target
            for target in graph[node]
            if not any(target in reached[other] for other in graph[node] if other != target)
        )
        for node in graph
    }


def reach(graph: Graph, start: str) -> set[str]:
    """All nodes that `start` reaches, itself left out unless it is part of a cycle."""
    found: set[str] = set()
    stack = list(graph[start])
    while stack:
        node = stack.pop()
        if node not in found:
            found.add(node)
            stack += graph[node]
    return found
