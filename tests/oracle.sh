#!/bin/sh
# 300 cases against the executable specification of the semantics, where it stands beside
# the checkout.  ORACLE_CASES, ORACLE_SEED and ORACLE_ENGINE (simulator-only) change what runs.
set -eu

source=${SRCDIR:-$(cd "$(dirname "$0")/.." && pwd)}
build=${BUILD:-$source/build}
specification=$source/../shared/spec/oracle.py

if [ ! -f "$specification" ]; then
    echo "ok 1 - executable specification # SKIP not beside the checkout"
    exit 0
fi
if ! command -v python3 >/dev/null; then
    echo "ok 1 - executable specification # SKIP no python3"
    exit 0
fi
lines=$(mktemp)
trap 'rm -f "$lines"' EXIT
"$build/tests/differential" --dump-json "${ORACLE_CASES:-300}" --seed "${ORACLE_SEED:-7}" \
    --engine "${ORACLE_ENGINE:-analysis}" >"$lines"
python3 "$source/tests/oracle.py" "$specification" <"$lines"
