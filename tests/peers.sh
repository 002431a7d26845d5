#!/bin/bash
# MAESTRO's own input files, where they are at hand: every one is read, and every layer is
# evaluated or refused for a reason that dcc-semantics(7) gives.
set -u

peers=$SRCDIR/../shared/peers/maestro
if [ ! -d "$peers" ]; then
    echo "ok 1 - peers # SKIP $peers is not here"
    exit 0
fi

# The legal reasons, and the maps that no output map is equal to.
reasons='skip|overlap|diagonal|lost-work|mapped-twice|unknown-dim|chunk-below-window|derived-offset'
n=0

# run NAME ARGUMENT...: every error has one of the reasons, and every layer is accounted for
run() {
    local name=$1 errors layers
    shift
    n=$((n + 1))
    timeout 60 "$DCC" "$@" --hw "$peers/hw/accelerator_1.m" --set pes=65536 \
        --json "$TMPDIR/out.json" >/dev/null 2>"$TMPDIR/err"
    local status=$?
    if [ $status -gt 1 ]; then
        echo "not ok $n - $name: exit status $status"
        head -n 5 "$TMPDIR/err" | sed 's/^/# /'
        return
    fi
    errors=$(grep -E ' (error|fatal error): ' "$TMPDIR/err" | grep -vE "\[($reasons)\]")
    layers=$(grep -cE '"status": "(evaluated|refused)"' "$TMPDIR/out.json")
    if [ -n "$errors" ] || [ "$layers" = 0 ]; then
        echo "not ok $n - $name: $layers layers"
        printf '%s\n' "$errors" | head -n 5 | sed 's/^/# /'
        return
    fi
    echo "ok $n - $name: $(grep -c '"status": "evaluated"' "$TMPDIR/out.json") of $layers layers"
}

for file in "$peers"/mapping/*.m "$peers"/validation/*.m; do
    run "$(basename "$file")" "$file"
done
for dataflow in "$peers"/dataflow/*.m; do
    for model in "$peers"/model/*.m; do
        run "$(basename "$dataflow") $(basename "$model")" "$dataflow" --model "$model"
    done
done
echo "1..$n"
