#!/bin/bash
# Whole files against the executable specification: random convolutions whose dataflows map Y and
# X, through the front end to JSON.
set -u

if ! command -v python3 >/dev/null; then
    echo "ok 1 - files against oracle.py # SKIP no Python 3 here"
else
    seed=$(date +%s)
    if python3 "$SRCDIR/tests/lowering.py" "$DCC" "$TMPDIR" 150 "$seed" >"$TMPDIR/log" 2>&1; then
        echo "ok 1 - 150 files against oracle.py, seed $seed"
    else
        echo "not ok 1 - files against oracle.py, seed $seed"
        tail -n 30 "$TMPDIR/log" | sed 's/^/# /'
    fi
fi
echo "1..1"
