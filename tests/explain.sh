#!/bin/bash
# What --explain says of 600 random layers against a walk of their steps: reuse over time and across
# children, units that work, first steps.  EXPLAIN_SEED and EXPLAIN_CASES change what runs.
set -u
source "$SRCDIR/tests/tap"
cd "$TMPDIR" || exit 1

cases=${EXPLAIN_CASES:-600}
seed=${EXPLAIN_SEED:-$(date +%s)}
if command -v python3 >/dev/null; then
    python3 "$SRCDIR/tests/explain.py" "$DCC" "$seed" "$cases" >log 2>&1
    report $? "$cases layers, seed $seed"
else
    skip "random layers" "no python3"
fi
echo "1..$n"
