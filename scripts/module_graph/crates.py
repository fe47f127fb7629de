"""The packages of the repository, their crates, and which package depends on which."""

import tomllib
from pathlib import Path
from typing import NamedTuple

from .modules import read_crate
from .uses import Uses, uses_of

WHERE = ("common", "common/*", "scripts/*", "solutions/*", "labs/*")


class Package(NamedTuple):
    """A folder with a Cargo.toml."""

    folder: Path
    manifest: dict

    @property
    def name(self) -> str:
        return self.manifest["package"]["name"]

    def crate_roots(self) -> list[Path]:
        """The root files of the library and the programs."""
        lib = self.manifest.get("lib", {}).get("path", "src/lib.rs")
        bins = [one.get("path", "src/main.rs") for one in self.manifest.get("bin", [])]
        usual = [lib, "src/main.rs", *bins]
        roots = [self.folder / path for path in dict.fromkeys(usual)]
        roots += sorted(self.folder.glob("src/bin/*.rs")) + sorted(self.folder.glob("src/bin/*/main.rs"))
        return [root for root in roots if root.exists()]

    def dependencies(self, kind: str) -> set[str]:
        """The names of the packages in `dependencies` or `dev-dependencies`."""
        tables = [self.manifest, *self.manifest.get("target", {}).values()]
        found = [entry for table in tables for entry in table.get(kind, {}).items()]
        return {spec.get("package", key) if isinstance(spec, dict) else key for key, spec in found}


def packages(root: Path) -> list[Package]:
    """All packages of the repository at `root`, by folder."""
    found = sorted({folder for pattern in WHERE for folder in root.glob(f"{pattern}/Cargo.toml")})
    manifests = [(file.parent, tomllib.loads(file.read_text(encoding="utf-8"))) for file in found]
    return [Package(folder, manifest) for folder, manifest in manifests if "package" in manifest]


def find(root: Path, wanted: str) -> Package:
    """The package of that name, or in that folder."""
    for package in packages(root):
        if wanted in (package.name, package.folder.relative_to(root).as_posix()):
            return package
    raise SystemExit(f"error: no package is called {wanted}, and none is in a folder of that name")


def uses_of_crate(root_file: Path) -> Uses:
    """The uses between the modules of the crate whose root is `root_file`."""
    return uses_of(read_crate(root_file), root_file.stem)


def uses_of_packages(root: Path) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Which package of ours depends on which: always, and for its tests only."""
    all_packages = packages(root)
    ours = {package.name for package in all_packages}
    normal = {package.name: package.dependencies("dependencies") & ours for package in all_packages}
    tests = {
        package.name: (package.dependencies("dev-dependencies") & ours) - normal[package.name]
        for package in all_packages
    }
    return normal, tests
