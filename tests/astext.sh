#!/bin/sh
# Random hierarchies, written as a user writes them, mean to dcc what they mean to the simulator.
# ASTEXT_CASES and ASTEXT_SEED change what runs.
set -eu

source=${SRCDIR:-$(cd "$(dirname "$0")/.." && pwd)}
build=${BUILD:-$source/build}
cases=${ASTEXT_CASES:-200}
seed=${ASTEXT_SEED:-$(date +%s)}

echo 1..1
if ! command -v python3 >/dev/null; then
    echo "ok 1 - hierarchies as text # SKIP no python3"
    exit 0
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$build/tests/differential" --dump-json "$cases" --kind hierarchy --engine simulator-only \
    --seed "$seed" >"$folder/lines"
if python3 "$source/tests/astext.py" "$build/dcc" "$folder" <"$folder/lines" >"$folder/log"; then
    echo "ok 1 - hierarchies as text, seed $seed"
else
    echo "not ok 1 - hierarchies as text, seed $seed"
fi
cat "$folder/log"
