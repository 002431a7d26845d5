#!/bin/bash
# Widths of what goes off-chip or to a root, and of what memories hold, worked out by hand.
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

# A write of 4 bits costs 30 pJ / 16, one of 24 bits six times that. All inputs count, so 16 MACs write
# 16 finished outputs, whatever the output's density: nothing is held, which would leave zeros out.
machine "Input: 8 bit, Weight: 8 bit, Output: 4 bit, Partial: 24 bit" \
    "Memory DRAM { Read: 0 pJ, Write: 7.5 pJ, Width: 16 bit } Memory BUF { Read: 0 pJ, Write: 0 pJ }" \
    "MAC { Energy: 0 pJ }"
for density in "" "Density { C: 0.6 }"; do
    nest "$density Dimensions { M: 16, N: 1, K: 1 }" "TemporalMap(1,1) M;"
    is "finished outputs of MACs, ${density:-dense}" memories.0.energy_pj 30
done
nest "Density { C: 0.5, A: 0.5 } Dimensions { M: 16, N: 1, K: 1 }" "TemporalMap(1,1) M;"
is "half of the MACs write half of them" memories.0.energy_pj 15
nest "Density { C: 0.6 } Dimensions { M: 16, N: 1, K: 1 }" "Buffer(BUF) Output; TemporalMap(1,1) M;"
is "of what is held zeros stay" memories.0.energy_pj 18
# Twice each: a partial sum, and the finished output. 30 + 180 pJ dense.
nest "Density { C: 0.25, A: 0.5 } Dimensions { M: 16, N: 1, K: 2 }" "TemporalMap(1,1) K; TemporalMap(1,1) M;"
is "partial sums and finished outputs are left out alike" memories.0.energy_pj 105

# A byte holds an A and a B of 4 bits, at one cut or at two.
machine "Input: 4 bit, Weight: 4 bit, Output: 4 bit" "Memory DRAM { } Memory REG { Holds: A, B, Capacity: 1 B } MAC { }"
for cuts in "Buffer(REG) A; Buffer(REG) B;" "Buffer(REG) A; TemporalMap(1,1) M; Buffer(REG) B;"; do
    nest "Dimensions { M: 1, N: 1, K: 1 }" "$cuts TemporalMap(1,1) N;"
    is "two tiles in a byte, $cuts" memories.1.required_bytes 1
    "$DCC" d.m --hw m.hw >out 2>log && [ ! -s log ]
    report $? "and they fit, $cuts"
done
# An A of each M, and all 3 Bs, are 16 bits.
machine "Input: 4 bit, Weight: 4 bit, Output: 4 bit" \
    "Memory DRAM { } Memory REG { Holds: A, B, Capacity: 2 B, Copies: 1 } MAC { }"
nest "Dimensions { M: 2, N: 3, K: 1 }" "Buffer(REG) auto; TemporalMap(1,1) M; TemporalMap(1,1) N;"
is "places are left open for tiles of part of a byte: A" memories.0.tensors.A.reads 2
is "places are left open for tiles of part of a byte: B" memories.0.tensors.B.reads 3

# 8 As, a B and 8 outputs cross the chip's border: 17 elements, whatever their widths; the hierarchy
# of the machine's shape says the same, under this dataflow and under one with its own lines.
for precision in "Input: 8 bit, Weight: 8 bit, Output: 8 bit" \
    "Input: 8 bit, Weight: 8 bit, Output: 8 bit, Partial: 32 bit" \
    "Input: 4 bit, Weight: 16 bit, Output: 8 bit"; do
    echo "Accelerator \"m\" { PEs: 1, Clock: 1 GHz Precision { $precision } OffChip { Bandwidth: 1 } }" >m.hw
    nest "Dimensions { M: 8, N: 1, K: 1 }" "TemporalMap(1,1) M;"
    is "elements go off-chip, $precision" offchip_cycles 17
    "$DCC" --as-hierarchy=m.hw >h.hw && mv h.hw m.hw
    is "and on a hierarchy" offchip_cycles 17
    nest "Dimensions { M: 8, N: 1, K: 1 }" "Buffer(L2); Fanout(PE); Buffer(L1); TemporalMap(1,1) M;"
    is "and under lines of its own" offchip_cycles 17
done
echo "1..$n"
