#!/bin/sh
# Cases against the executable specification of the semantics, tests/oracle.py: the simulator on
# the kept cases, 150 random classic ones and 150 with a hierarchy of memories, the engines on 300
# classic ones and 300 hierarchies.  SPECIFICATION_CASES, the 300, and SPECIFICATION_SEED change what runs.
set -eu

source=${SRCDIR:-$(cd "$(dirname "$0")/.." && pwd)}
build=${BUILD:-$source/build}
cases=${SPECIFICATION_CASES:-300}
half=$((cases / 2))
seed=${SPECIFICATION_SEED:-$(date +%s)}
number=0

# run N ENGINE WHAT ARGUMENT...: so many cases, which the arguments say
run() {
    number=$((number + 1)) n=$1 engine=$2 what=$3
    shift 3
    "$build/tests/differential" --dump-json "$n" --engine "$engine" "$@" >"$lines"
    if python3 "$source/tests/specification.py" <"$lines" >"$log" 2>&1; then
        echo "ok $number - $engine, $what"
    else
        echo "not ok $number - $engine, $what"
        sed 's/^\([^#]\)/# \1/' "$log"
    fi
}

if ! command -v python3 >/dev/null; then
    echo "ok 1 - executable specification # SKIP no python3"
    exit 0
fi
lines=$(mktemp) log=$(mktemp)
trap 'rm -f "$lines" "$log"' EXIT
echo 1..5
for file in "$source"/tests/cases/*.case; do
    set -- "$@" --replay "$file"
done
run "$half" simulator-only "kept cases" "$@"
run "$half" simulator-only "$half classic cases, seed $seed" --seed "$seed"
run "$half" simulator-only "$half hierarchies, seed $seed" --seed "$seed" --kind hierarchy
run "$cases" analysis "$cases classic cases, seed $seed" --seed "$seed"
run "$cases" analysis "$cases hierarchies, seed $seed" --seed "$seed" --kind hierarchy
