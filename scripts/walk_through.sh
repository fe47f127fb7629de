#!/usr/bin/env bash
# The runner as a student uses it, on lab 01: from the stub to the model answer, a file at a time, with
# an answer that does not compile, one that got worse, a hint and a reset. Says what each verdict was.
#
#   scripts/walk_through.sh
#
# It works on labs/01-echo itself, so it wants it untouched, and leaves it so. What .lab/ remembers of
# lab 01 (points, hints) is that of this walk afterwards.
set -euo pipefail
cd "$(dirname "$0")/.."

lab=labs/01-echo
solution=solutions/01-echo
if [ -n "$(git status --porcelain -- "$lab")" ]; then
    echo "$lab is not as it was committed: this would overwrite it" >&2
    exit 2
fi
said=$(mktemp)
trap 'git checkout --quiet -- "$lab"; rm -f "$said"' EXIT

fail() {
    echo "$1; it said:" >&2
    cat "$said" >&2
    exit 1
}

# Judges the lab, which is to `pass` or to `fail`, and to say some words.
judge() {
    local verdict=pass
    cargo lab test 01 >"$said" 2>&1 || verdict=fail
    [ "$verdict" = "$1" ] || fail "after '$3' the lab should $1"
    grep -q "$2" "$said" || fail "after '$3' the verdict should say '$2'"
    echo "$3: $(grep -o '[0-9]* of 100 points\|does not compile: [0-9]* error' "$said")"
}

points() { grep -o '[0-9]* of 100 points' "$said" | cut -d' ' -f1; }

judge fail "^0 of 100 points" "the stub"
before=0
for file in listen echo serve client variations; do
    cp "$solution/src/$file.rs" "$lab/src/$file.rs"
    if [ "$file" = variations ]; then
        judge pass "100 of 100 points" "$file.rs"
    else
        judge fail "is not written yet" "$file.rs"
    fi
    [ "$(points)" -gt "$before" ] || fail "$file.rs brought no points"
    before=$(points)
done

echo 'fn unfinished(' >>"$lab/src/echo.rs"
judge fail "does not compile: 1 error" "half a function"
git checkout --quiet -- "$lab/src/echo.rs"
judge fail "step echo is not written yet" "echo.rs as it was"
cp "$solution/src/echo.rs" "$lab/src/echo.rs"
judge pass "100 of 100 points" "echo.rs again"
judge pass "100 of 100 points" "nothing"

# The way that the verdicts came is the short one, and it has left the program where the brief says.
grep -q '"built": \[' .lab/recipe-01.json || fail "the program should be built by its recipe"
program=$(grep -o '"program": "[^"]*"' .lab/recipe-01.json | cut -d'"' -f4)
[ "$program" -nt "$lab/src/echo.rs" ] || fail "$program should be the last one"

cargo lab hint 01 echo >"$said" 2>&1 || fail "there should be a hint"
grep -q "hint 1 of" "$said" || fail "a hint should be told"
cargo lab reset 01 >"$said" 2>&1 || fail "it should be reset"
git diff --quiet -- "$lab" || fail "after a reset, the stub should be back"
judge fail "^0 of 100 points" "a reset"
cargo lab doctor >"$said" 2>&1 || fail "the doctor should find nothing"

# Cargo is asked for the runner when something of it was touched, and only then. (Its last line is
# "Finished", once for the launcher, and once more for the runner.)
questions() { cargo lab 2>&1 >/dev/null | grep -c Finished; }
[ "$(questions)" = 1 ] || fail "nobody has touched the runner"
touch scripts/runner/Cargo.toml
[ "$(questions)" = 2 ] || fail "cargo should be asked for the runner"
[ "$(questions)" = 1 ] || fail "cargo was asked for the runner already"
