#!/usr/bin/env python3
"""Checks that no modules use each other in a circle, and draws which module uses which.

    scripts/module_cycles.py [PACKAGE ...]            check; all of common, scripts and solutions
    scripts/module_cycles.py --text PACKAGE           print the modules in layers
    scripts/module_cycles.py --dot PACKAGE            print them for Graphviz
    scripts/module_cycles.py --text crates            print the packages in layers
    scripts/module_cycles.py --check-doc FILE ...     compare the pictures in Markdown files
    scripts/module_cycles.py --write-doc FILE ...     bring them up to date

PACKAGE is a name or a folder. `--depth 1` draws the modules below another one as one with it.

A module uses another if it imports an item of it, or names one by its path. `mod x;` and `pub use`
are no uses: a module may list and re-export its submodules, and a path that goes through a
re-export leads to the module that defines the item. Code under `#[cfg(test)]` does not count.
Calls of methods are not seen, for they name no module.
"""

import argparse
import sys
from pathlib import Path

from module_graph import crates, picture
from module_graph.cycles import cycles

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    arguments = parse_arguments()
    root = arguments.root.resolve()
    if arguments.text:
        print(picture.text(root, arguments.text, arguments.depth))
        return 0
    if arguments.dot:
        print(picture.dot(root, arguments.dot, arguments.depth))
        return 0
    if arguments.check_doc or arguments.write_doc:
        files = [Path(file) for file in arguments.check_doc or arguments.write_doc]
        return max(check_pictures(root, file, bool(arguments.write_doc)) for file in files)
    return check_cycles(root, arguments.packages)


def parse_arguments() -> argparse.Namespace:
    usage, description = __doc__.split("\n\n", 1)
    parser = argparse.ArgumentParser(
        description=usage, epilog=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("packages", nargs="*", metavar="PACKAGE")
    parser.add_argument("--root", type=Path, default=ROOT, help="the repository; by default ours")
    parser.add_argument("--text", metavar="PACKAGE")
    parser.add_argument("--dot", metavar="PACKAGE")
    parser.add_argument("--depth", type=int, help="how many levels of modules a picture shows")
    parser.add_argument("--check-doc", nargs="+", metavar="FILE")
    parser.add_argument("--write-doc", nargs="+", metavar="FILE")
    return parser.parse_args()


def check_cycles(root: Path, wanted: list[str]) -> int:
    """Prints each cycle with the lines that make it. The exit status is 1 if there is one."""
    if wanted:
        chosen = [crates.find(root, name) for name in wanted]
    else:
        chosen = [p for p in crates.packages(root) if p.folder.parent.name != "labs"]
    checked = count = 0
    for package in chosen:
        for root_file in package.crate_roots():
            checked += 1
            count += print_cycles(root, root_file)
    print(f"{checked} crates, {count} module cycles")
    return 1 if count else 0


def print_cycles(root: Path, root_file: Path) -> int:
    uses = crates.uses_of_crate(root_file)
    found = cycles(uses)
    for cycle in found:
        print(f"{root_file.relative_to(root)}: {' -> '.join(cycle)}")
        for user, used in zip(cycle, cycle[1:]):
            file, line = min(uses[user][used])
            print(f"    {user} -> {used}: {file.resolve().relative_to(root)}:{line}")
    return len(found)


def check_pictures(root: Path, file: Path, write: bool) -> int:
    """Whether the pictures in `file` are true; `write` makes them true."""
    before = file.read_text(encoding="utf-8")
    after, count = picture.redraw(root, before)
    if write:
        file.write_text(after, encoding="utf-8")
    elif count == 0:
        print(f"{file}: it has no picture: <!-- picture: PACKAGE --> begins one")
        return 1
    elif before != after:
        print(f"{file}: a picture is not what the code says.")
        print(f"`scripts/module_cycles.py --write-doc {file}` draws it again:")
        picture.print_difference(before, after)
        return 1
    print(f"{file}: {count} pictures are true")
    return 0


if __name__ == "__main__":
    sys.exit(main())
