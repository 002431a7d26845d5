#!/bin/bash
# The clock on cases small enough to be worked out by hand, and the bounds of every layer's time:
#     max(on-chip, off-chip) <= cycles <= on-chip + off-chip
set -u
SRCDIR=${SRCDIR:-$(cd "$(dirname "$0")/.." && pwd)}
DCC=${DCC:-$SRCDIR/build/dcc}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
n=0

# fields CSV-COLUMN...: of every layer in $scratch/out.csv, a line; names without their unit
fields() {
    tr -d '\r' <"$scratch/out.csv" | awk -F, -v names="$*" '
        NR == 1 { for (i = 1; i <= NF; i++) { sub(/ \[.*/, "", $i); at[$i] = i }; k = split(names, name, " "); next }
        { for (i = 1; i <= k; i++) printf "%s%s", $at[name[i]], i < k ? " " : "\n" }'
}

# is WANT "COLUMNS" FILE OPTION...
is() {
    local want=$1 names=$2 have file=$3
    shift 3
    n=$((n + 1))
    "$DCC" "$SRCDIR/tests/clock/$file" "$@" --csv - >"$scratch/out.csv" 2>"$scratch/err"
    # The columns are words.
    # shellcheck disable=SC2086
    have=$(fields $names)
    if [ "$have" = "$want" ]; then
        echo "ok $n - $file $*: $names $want"
    else
        echo "not ok $n - $file $*: $names '$have', not '$want'"
        sed 's/^/# /' "$scratch/err"
    fi
}

# The 5 elements of the first step take latency + 2 - 1 cycles of a bandwidth of 4, the flush of 4 takes
# the latency.  Between them are 1000 steps of a cycle each, or of the latency.
is 1003 onchip_cycles lat.m
is 1021 onchip_cycles lat.m --set noc.latency=10
is 1257 onchip_cycles lat.m --set noc.latency=128
is 1003 onchip_cycles lat.m --set noc.prefetch=step
is 10012 onchip_cycles lat.m --set noc.prefetch=step --set noc.latency=10
is 128130 onchip_cycles lat.m --set noc.prefetch=step --set noc.latency=128
is 1003 onchip_cycles lat.m --set noc.prefetch=tile
is 3001 onchip_cycles lat.m --set noc.prefetch=none

# 64 weights take 16 cycles, every 49 steps: 16 + 64 * 49 + 1, or 63 * 15 more.
is "3153 3136 0" "onchip_cycles cycles_by_cause.compute cycles_by_cause.ingress" ahead.m
is 3153 onchip_cycles ahead.m --set noc.prefetch=tile
is "4098 1008" "onchip_cycles cycles_by_cause.ingress" ahead.m --set noc.prefetch=step
# Every step waits: 64 times 16 cycles for weights and else one for an input, one to compute, one for the
# outputs of the step before or, in the end, for the flush.
is "10368 3136" "onchip_cycles cycles_by_cause.compute" ahead.m --set noc.prefetch=none

# 64 * 21 + 21 * 64 + 64 * 64 = 6784 bytes.  The first fill is a part of them.
for pes in 16 32 64; do
    is "6784 6784 offchip" "cycles offchip_cycles bound_by" offchip.m --set pes=$pes
done
is "5378 6784 offchip" "onchip_cycles cycles bound_by" offchip.m
is "1538 6784 offchip" "onchip_cycles cycles bound_by" offchip.m --set lanes=4
# Faster memory: the on-chip time and ceil(357 / 2) cycles of the first fill.
is "3392 5557 compute" "offchip_cycles cycles bound_by" offchip.m --set offchip.bandwidth=2B/cycle

# Setup comes before all else and belongs to no other cause.
is "1103 100" "onchip_cycles cycles_by_cause.setup" lat.m --set setup=100
is "0 1003 compute" "offchip_cycles cycles bound_by" lat.m

is "15 15 26" "offchip_accesses offchip_cycles l2.required_bytes" holds.m

# Every layer of some networks on every machine, memory slow and fast, with setup and without.
layers=0
: >"$scratch/wrong"
for hardware in "$SRCDIR"/hardware/*.hw; do
    case $hardware in */tech-*) continue ;; esac
    grep -q '^ *Hierarchy' "$hardware" && continue
    for bandwidth in 1B/cycle 64B/cycle; do
        for model in resnet50 mobilenetv2 bert-base; do
            for run in "kc-p.m -D TileC=8" yr-p.m "x-p.m --set noc.prefetch=none" "c-p.m --set setup=1000"; do
                # A run is a dataflow and options.
                # shellcheck disable=SC2086
                "$DCC" $run --model "$model.m" --hw "$hardware" --set clock=1GHz \
                    --set offchip.bandwidth=$bandwidth --csv - >"$scratch/out.csv" 2>/dev/null
                fields status name onchip_cycles offchip_cycles cycles | sed -n 's/^evaluated //p' >"$scratch/layers"
                layers=$((layers + $(wc -l <"$scratch/layers")))
                awk -v run="$run $model $(basename "$hardware") $bandwidth" '
                    $4 < $2 || $4 < $3 || $4 > $2 + $3 { print run ":", $0 }' "$scratch/layers" >>"$scratch/wrong"
            done
        done
    done
done
n=$((n + 1))
if [ "$layers" -gt 3000 ] && [ ! -s "$scratch/wrong" ]; then
    echo "ok $n - $layers layers take no less than either time and no more than both"
else
    echo "not ok $n - max(on-chip, off-chip) <= cycles <= on-chip + off-chip, $layers layers"
    head -n 10 "$scratch/wrong" | sed 's/^/# /'
fi
echo "1..$n"
