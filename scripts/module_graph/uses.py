"""Which module of a crate uses which.

A path is followed to the module that defines the item. It uses that module, and each module that
passes the item on.
"""

from collections import defaultdict

from .modules import Module, PathUse, Place

Path = tuple[str, ...]
Uses = dict[str, dict[str, list[Place]]]
"""For each module, the modules that it uses, and where."""


def uses_of(crate: Module, root: str) -> Uses:
    """The uses between the modules of `crate`; `root` is what its root module is called."""
    return Resolver(crate, root).uses()


class Resolver:
    """Follows paths through modules and re-exports."""

    def __init__(self, crate: Module, root: str):
        self.crate, self.root = crate, root
        self.macros = defaultdict(list)
        for module in crate.all():
            for macro in module.macros:
                self.macros[macro].append(module)

    def name(self, module: Module) -> str:
        return "::".join(module.name) or self.root

    def uses(self) -> Uses:
        found: Uses = {self.name(module): {} for module in self.crate.all()}
        for module in self.crate.all():
            for target, place in self.all_uses(module):
                if target is not module:
                    found[self.name(module)].setdefault(self.name(target), []).append(place)
        return found

    def all_uses(self, module: Module):
        """What `module` uses: its imports, but for those that it passes on, and its paths."""
        imports = [one for several in module.imports.values() for one in several]
        for one in imports + module.globs:
            if not one.passes_on:
                yield from ((target, one.place) for target in self.resolve(module, one.path))
        for one in module.paths:
            yield from ((target, one.place) for target in self.targets(module, one))

    def targets(self, module: Module, use: PathUse) -> list[Module]:
        first, last = use.path[0], use.path[-1]
        if use.next == "!":
            return self.macros.get(last, [])
        if len(use.path) > 1:
            return self.resolve(module, use.path, in_code=True)
        if use.next == ":":
            return []
        passed_on = [one for one in module.imports.get(first, []) if one.passes_on]
        if passed_on:
            return [target for one in passed_on for target in self.resolve(module, one.path)]
        return [] if self.has(module, first) else self.by_glob(module, use.path, True, ())

    def resolve(self, module: Module, path: Path, in_code=False, seen=()) -> list[Module]:
        """The modules that `path` leads to in `module`: none if it belongs to another crate."""
        first, rest = path[0], path[1:]
        if first == "crate":
            return self.walk(self.crate, rest, in_code, seen)
        if first == "self":
            return self.walk(module, rest, in_code, seen)
        if first == "super":
            parent = module.parent or module
            while rest and rest[0] == "super":
                parent, rest = parent.parent or parent, rest[1:]
            return self.walk(parent, rest, in_code, seen)
        return self.walk(module, path, in_code, seen) if self.has(module, first) else []

    def walk(self, module: Module, path: Path, in_code: bool, seen: tuple) -> list[Module]:
        """Follows `path` from inside of `module`."""
        if not path:
            return [module]
        first, rest = path[0], path[1:]
        if (module.name, first) in seen:
            return []
        seen = (*seen, (module.name, first))
        if first in module.items and ((in_code and not rest) or first not in module.children):
            return [module]
        if first in module.children:
            return self.walk(module.children[first], rest, in_code, seen)
        for one in module.imports.get(first, []):
            return [module, *self.resolve(module, (*one.path, *rest), in_code, seen)]
        return [module, *self.by_glob(module, path, in_code, seen)]

    def by_glob(self, module: Module, path: Path, in_code: bool, seen: tuple) -> list[Module]:
        """Where `path` leads if `module` passes its first name on by `pub use …::*`."""
        for glob in module.globs:
            for source in self.resolve(module, glob.path, in_code, seen)[-1:]:
                if source is not module and self.has(source, path[0]):
                    return self.walk(source, path, in_code, seen)
        return []

    def has(self, module: Module, name: str) -> bool:
        return name in module.items or name in module.children or name in module.imports
