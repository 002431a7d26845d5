#!/bin/sh
# Random cases against the executable specification of the semantics, tests/oracle.py: the
# simulator on 150 classic cases and 150 with a hierarchy of memories, the engines on 150 classic
# ones.  SPECIFICATION_CASES and SPECIFICATION_SEED change what runs.
set -eu

source=${SRCDIR:-$(cd "$(dirname "$0")/.." && pwd)}
build=${BUILD:-$source/build}
cases=${SPECIFICATION_CASES:-150}
seed=${SPECIFICATION_SEED:-$(date +%s)}
number=0

# run ENGINE KIND
run() {
    number=$((number + 1))
    what="$1, $2: $cases cases against the executable specification, seed $seed"
    "$build/tests/differential" --dump-json "$cases" --kind "$2" --seed "$seed" --engine "$1" >"$lines"
    if python3 "$source/tests/specification.py" <"$lines" >"$log" 2>&1; then
        echo "ok $number - $what"
    else
        echo "not ok $number - $what"
        sed 's/^\([^#]\)/# \1/' "$log"
    fi
}

if ! command -v python3 >/dev/null; then
    echo "ok 1 - executable specification # SKIP no python3"
    exit 0
fi
lines=$(mktemp) log=$(mktemp)
trap 'rm -f "$lines" "$log"' EXIT
echo 1..3
run simulator-only classic
run simulator-only hierarchy
run analysis classic
