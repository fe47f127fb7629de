"""Small crates, and what module_cycles.py must find in them.

    python3 -m unittest discover scripts/module_graph
"""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PROGRAM = Path(__file__).resolve().parent.parent / "module_cycles.py"
MANIFEST = '[package]\nname = "small"\n'


class Crate:
    """A repository with one package, `small`; files are given relative to its src."""

    def __init__(self, test: unittest.TestCase, files: dict[str, str]):
        folder = tempfile.TemporaryDirectory()
        test.addCleanup(folder.cleanup)
        self.root = Path(folder.name).resolve()
        self.write({"../Cargo.toml": MANIFEST, **files})

    def write(self, files: dict[str, str]) -> None:
        for name, text in files.items():
            file = self.root / "common/small/src" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)

    def run(self, *arguments: str) -> subprocess.CompletedProcess:
        command = [sys.executable, PROGRAM, "--root", self.root, *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False)


class Cycles(unittest.TestCase):
    def assert_cycle(self, files: dict[str, str], *expected: str) -> None:
        done = Crate(self, files).run()
        for text in expected:
            self.assertIn(text, done.stdout, done.stderr)
        self.assertEqual(done.returncode, 1)

    def assert_no_cycle(self, files: dict[str, str]) -> None:
        done = Crate(self, files).run()
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        self.assertIn("1 crates, 0 module cycles", done.stdout)

    def test_two_siblings_that_import_each_other(self):
        self.assert_cycle(
            {
                "lib.rs": "mod a;\nmod b;",
                "a.rs": "//! crate::b\nuse super::b::B;\npub struct A;",
                "b.rs": "use crate::{a::{self, A}, other};\npub struct B;",
            },
            "common/small/src/lib.rs: a -> b -> a",
            "a -> b: common/small/src/a.rs:2",
            "b -> a: common/small/src/b.rs:1",
        )

    def test_a_ring_of_three_by_paths_in_code(self):
        self.assert_cycle(
            {
                "main.rs": "mod a; mod b; mod c; fn main() { a::run() }",
                "a.rs": "pub fn run() { crate::b::run() }",
                "b.rs": "use super::c; pub fn run() { c::run() }",
                "c.rs": "pub fn run(_: Option<super::a::A>) {}",
            },
            "a -> b -> c -> a",
        )

    def test_a_parent_and_its_child(self):
        self.assert_cycle(
            {
                "lib.rs": "mod a;",
                "a.rs": "mod child;\npub struct A;\nfn run() { child::run() }",
                "a/child.rs": "use super::A;\npub fn run() {}",
            },
            "a -> a::child -> a",
            "a -> a::child: common/small/src/a.rs:3",
        )

    def test_a_parent_that_uses_what_it_re_exports(self):
        self.assert_cycle(
            {
                "lib.rs": "mod a;",
                "a/mod.rs": "mod child;\npub(crate) use child::Child;\npub struct A(Child);",
                "a/child.rs": "pub struct Child;\nimpl Child { fn a() -> super::A { todo!() } }",
            },
            "a -> a::child -> a",
        )

    def test_an_inline_module_and_one_with_a_path(self):
        self.assert_cycle(
            {
                "lib.rs": 'mod a { use crate::b::B; pub struct A; }\n#[path = "other.rs"]\nmod b;',
                "other.rs": "pub struct B(crate::a::A);",
            },
            "a -> b -> a",
        )

    def test_a_re_export_hides_no_cycle(self):
        self.assert_cycle(
            {
                "lib.rs": "mod a; mod b; mod all;",
                "all.rs": "pub use super::a::*; pub use super::b::B;",
                "a.rs": "use super::all::B; pub struct A;",
                "b.rs": "use super::all::A; pub struct B;",
            },
            "a -> b -> a",
        )

    def test_a_macro_is_an_item_too(self):
        self.assert_cycle(
            {
                "lib.rs": "#[macro_use]\nmod a; mod b;",
                "a.rs": "#[macro_export]\nmacro_rules! log { () => { $crate::b::print() } }",
                "b.rs": "pub fn print() { crate::log!() }",
            },
            "a -> b -> a",
        )

    def test_an_included_file_belongs_to_its_module(self):
        self.assert_cycle(
            {
                "main.rs": 'mod run { include!("given.txt"); }\nmod a;\nfn main() { run::run() }',
                "given.txt": "pub fn run() { crate::a::run() }",
                "a.rs": "use crate::run::run;",
            },
            "a -> run -> a",
        )

    def test_modules_re_exports_and_ranges_are_no_uses(self):
        self.assert_no_cycle(
            {
                "lib.rs": "mod a;\npub mod b;\npub use a::A;\npub use b::{B, C as D};",
                "a.rs": "pub(in crate::b) struct A; pub(super) fn f() {}",
                "b.rs": "use crate::A; pub struct B(A); pub(crate) struct C;",
            }
        )

    def test_tests_comments_strings_and_other_crates_are_no_uses(self):
        self.assert_no_cycle(
            {
                "lib.rs": "mod a; mod b;",
                "a.rs": "use crate::b::B;\npub struct A<'a>(&'a B);",
                "b.rs": (
                    "pub struct B; // crate::a\n/* /* */ crate::a::A */\n/// [`crate::a::A`]\n"
                    'const S: &str = "crate::a::A \\" {";\nconst R: &str = r#"crate::a " {"#;\n'
                    "const C: [char; 3] = ['{', '\\'', '\"'];\nuse std::a::A;\n"
                    "#[cfg(test)]\nmod tests { use crate::a::A; }\n"
                    "#[cfg(test)]\nuse crate::a::A as T;\n#[cfg(test)]\nfn f() { crate::a::f() }"
                ),
            }
        )

    def test_methods_and_fields_are_no_uses(self):
        self.assert_no_cycle(
            {
                "lib.rs": "mod a; mod b;",
                "a.rs": "pub use super::b::show; pub struct A { show: u8 }\n"
                "fn f(a: A) -> A { a.show(); A { show: 1 } }",
                "b.rs": "use super::a::A; pub fn show() {}",
            }
        )


class Pictures(unittest.TestCase):
    FILES = {
        "lib.rs": "mod top; mod middle; mod bottom;",
        "top.rs": "mod part; use crate::{middle::M, bottom::B}; fn f() { part::run() }",
        "top/part.rs": "use crate::bottom::B; pub fn run() {}",
        "middle.rs": "use crate::bottom::B; pub struct M;",
        "bottom.rs": "pub struct B;",
    }
    DRAWN = "0  bottom\n1  middle  ─▶ bottom\n2  top     ─▶ middle\n"

    def test_modules_are_drawn_in_layers_without_shortcuts(self):
        crate = Crate(self, self.FILES)
        self.assertEqual(crate.run("--text", "small", "--depth", "1").stdout, self.DRAWN)
        self.assertIn("1  middle     ─▶ bottom\n   top::part  ─▶ bottom", crate.run("--text", "small").stdout)
        self.assertIn('"top" -> "bottom";', crate.run("--dot", "common/small").stdout)

    def test_crates_are_drawn_with_what_only_tests_use(self):
        crate = Crate(self, self.FILES)
        user = MANIFEST.replace("small", "user") + "[dev-dependencies]\nsmall.workspace = true\n"
        crate.write({"../../user/Cargo.toml": user})
        self.assertEqual(crate.run("--text", "crates").stdout, "0  small\n1  user   ╌▶ small\n")

    def test_a_picture_in_a_page_is_compared_and_drawn_again(self):
        crate = Crate(self, self.FILES)
        page = crate.root / "page.md"
        page.write_text("Before\n\n<!-- picture: small --depth 1 -->\n\n```text\nold\n```\n\nAfter\n")
        self.assertEqual(crate.run("--check-doc", str(page)).returncode, 1)
        self.assertEqual(crate.run("--write-doc", str(page)).returncode, 0)
        self.assertIn(f"```text\n{self.DRAWN}```\n\nAfter\n", page.read_text())
        self.assertEqual(crate.run("--check-doc", str(page)).returncode, 0)

    def test_a_page_without_a_picture_is_an_error(self):
        crate = Crate(self, {**self.FILES, "page.md": "no picture"})
        done = crate.run("--check-doc", str(crate.root / "common/small/src/page.md"))
        self.assertEqual(done.returncode, 1)


if __name__ == "__main__":
    unittest.main()
