#!/usr/bin/env bash
# Judges a class on a cluster, in @shards@ parts:
#
#   submit.sh WORKSPACE SUBMISSIONS GRADES
#
# The three folders must have the same paths on all nodes. Run the same command again after a
# failure: it continues where it was.
set -euo pipefail
if [ $# != 3 ]; then
    echo "usage: submit.sh WORKSPACE SUBMISSIONS GRADES" >&2
    exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
workspace=$(realpath "$1")
submissions=$(realpath "$2")
mkdir -p "$3"
grades=$(realpath "$3")

# Nodes may have no network.
(cd "$workspace" && cargo fetch --locked)

# Without --kill-on-invalid-dep, a job waits for ever after one that failed.
submit() {
    sbatch --parsable --kill-on-invalid-dep=yes --chdir="$workspace" --output="$grades/%x-%j.log" "$@"
}
build=$(submit "$here/build.sbatch")
grade=$(submit --dependency="afterok:$build" "$here/grade.sbatch" "$submissions" "$grades")
# No report of a part of the class: it comes only if all submissions have a verdict.
report=$(submit --dependency="afterok:$grade" "$here/report.sbatch" "$grades")
echo "Submitted the jobs $build, $grade and $report. The report will be in $grades/class-report."
