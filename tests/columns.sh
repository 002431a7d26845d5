#!/bin/bash
# --csv-columns maestro: 52 columns under MAESTRO's names, with this run's figures.
set -u

run() {
    "$DCC" kc-p.m --model vgg16.m --layer CONV2 --hw paper256.hw "$@"
}

run --csv - --csv-columns maestro | tr -d '\r' >"$TMPDIR/maestro.csv"
run --json "$TMPDIR/run.json" >/dev/null

# column NAME: its value in the one row
column() {
    awk -F, -v name="$1" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) at = i }
        NR == 2 { print at ? $at : "none" }' "$TMPDIR/maestro.csv"
}

# field KEY: the first figure of that key in the JSON
field() {
    sed -n "s/^ *\"$1\": \([0-9.e+-]*\),*\$/\1/p" "$TMPDIR/run.json" | head -n 1
}

n=0
same() { # NAME A B: equal numbers
    n=$((n + 1))
    if awk -v a="$2" -v b="$3" 'BEGIN { exit !(a != "" && a + 0 == b + 0) }'; then
        echo "ok $n - $1"
    else
        echo "not ok $n - $1: $2 is not $3"
    fi
}

same "columns" "$(awk -F, 'NR == 1 { print NF }' "$TMPDIR/maestro.csv")" 52
same "fields of a row" "$(awk -F, 'NR == 2 { print NF }' "$TMPDIR/maestro.csv")" 52
same "cycles" "$(column ' Runtime (Cycles)')" "$(field cycles)"
same "MACs" "$(column ' Num MACs')" "$(field macs)"
same "active PEs" "$(column 'Avg number of utilized PEs')" "$(field active_pes)"
same "throughput" "$(column ' Throughput (MACs/Cycle)')" \
    "$(awk -v m="$(field macs)" -v c="$(field cycles)" 'BEGIN { printf "%.17g", m / c }')"
n=$((n + 1))
if run --csv - --csv-columns other >/dev/null 2>"$TMPDIR/err"; then
    echo "not ok $n - an unknown set of columns is refused"
else
    echo "ok $n - an unknown set of columns is refused"
fi
echo "1..$n"
