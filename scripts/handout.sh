#!/usr/bin/env bash
# Makes the copy of the last commit that students get: without the solutions, and as a repository of
# its own, in whose history `cargo lab reset` finds the stubs.
#
#   scripts/handout.sh ../wirelab-for-students
set -euo pipefail

[ $# = 1 ] || { echo "usage: scripts/handout.sh FOLDER" >&2; exit 2; }
case $1 in
/*) copy=$1 ;;
*) copy=$PWD/$1 ;;
esac
[ ! -e "$copy" ] || { echo "$copy exists already" >&2; exit 2; }
cd "$(dirname "$0")/.."

mkdir -p "$copy"
git archive HEAD | tar -x -C "$copy"
rm -r "$copy/solutions"
cd "$copy"
# Cargo.lock lists all members. Without this call, the student's first build would change the file.
cargo metadata --quiet --format-version 1 >/dev/null
git init --quiet
git add --all
git commit --quiet --message "Wirelab for students"
echo "$copy is ready for students."
