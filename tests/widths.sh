#!/bin/bash
# Widths of partial sums and finished outputs at the roots of hierarchies, worked out by hand.
set -u
source "$SRCDIR/tests/tap"
cd "$TMPDIR" || exit 1

# machine PRECISION ELEMENT...: of a hierarchy
machine() {
    local precision=$1
    shift
    echo "Accelerator \"m\" { Clock: 1 GHz Precision { $precision } Hierarchy { $* } }" >m.hw
}

# nest LAYER DIRECTIVE...: a product
nest() {
    local layer=$1
    shift
    echo "Network \"n\" { Layer L { Type: GEMM $layer } } Dataflow \"d\" { $* }" >d.m
}

# is NAME COLUMN VALUE: of the report
is() {
    "$DCC" d.m --hw m.hw -Wno-capacity --csv out.csv >out 2>log
    local value
    value=$(tr -d '\r' <out.csv | awk -F, -v name="$2" '
        NR == 1 { for (i = 1; i <= NF; i++) { sub(/ \[.*/, "", $i); if ($i == name) at = i } next } { print $at }')
    [ "$value" = "$3" ]
    report $? "$1" "$2 is '$value', not $3"
}

# 8 outputs of 8 bits, once each: 64 bits at 8 a cycle.
for inputs in "Input: 32 bit, Weight: 32 bit" "Input: 16 bit, Weight: 32 bit"; do
    machine "$inputs, Output: 8 bit, Partial: 32 bit" \
        "Memory DRAM { Bandwidth { Write: 8 bit/cycle } } Memory BUF { } MAC { }"
    nest "Dimensions { M: 8, N: 1, K: 1 }" "Buffer(BUF) Output; TemporalMap(1,1) M;"
    is "a root takes finished outputs, $inputs" offchip_cycles 8
done
machine "Input: 32 bit, Weight: 32 bit, Output: 8 bit, Partial: 32 bit" \
    "Memory DRAM { Holds: Input, Weight } Memory OUT { Holds: Output, Bandwidth { Write: 8 bit/cycle } }" \
    "Memory BUF { } MAC { }"
is "and so does one of outputs alone" offchip_cycles 8
machine "Input: 32 bit, Weight: 32 bit, Output: 8 bit, Partial: 32 bit" \
    "Memory DRAM { Bandwidth { Write: 1 } } Memory BUF { } MAC { }"
is "in elements, each is one" offchip_cycles 8

# Two units, no reduction: the root gets one output twice, and the first time it is a partial sum. It
# holds that too, 4 bytes beside the 3 of the inputs.
nest "Dimensions { M: 1, N: 1, K: 2 }" "SpatialMap(1,1) K; Fanout(F);"
for way in "no 36 7" "yes 4 4"; do
    read -r reduction cycles bytes <<<"$way"
    machine "Input: 8 bit, Weight: 4 bit, Output: 4 bit, Partial: 32 bit" \
        "Memory DRAM { Bandwidth { Write: 1 bit/cycle } } Fanout F 2 { Reduction: $reduction } MAC { }"
    is "a root that adds takes partial sums, reduction $reduction" offchip_cycles "$cycles"
    is "and has room for them" memories.0.required_bytes "$bytes"
done
echo "1..$n"
