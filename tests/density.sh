#!/bin/bash
# Densities scale the MACs that take time, and the traffic; counts are those of the dense layer.
set -u

cat >"$TMPDIR/density.m" <<'END'
Network n {
  Layer DENSE { Type: CONV Dimensions { K: 16, C: 16, R: 3, S: 3, Y: 18, X: 18 } }
  Layer HALF { Type: CONV Dimensions { K: 16, C: 16, R: 3, S: 3, Y: 18, X: 18 }
    Density { Input: 0.5, Weight: 0.5 } }
  Layer UP { Type: TRCONV Stride { X: 2, Y: 2 } Dimensions { K: 16, C: 16, R: 2, S: 2, Y: 9, X: 9 } }
}
END
"$DCC" c-p.m --model "$TMPDIR/density.m" --hw paper256.hw \
    --set noc.bandwidth=1000000 --csv - | tr -d '\r' >"$TMPDIR/out.csv"

# value LAYER COLUMN
value() {
    awk -F, -v layer="$1" -v name="$2" '
        NR == 1 { for (i = 1; i <= NF; i++) if (index($i, name " [") == 1 || $i == name) at = i }
        $1 == layer { print $at }' "$TMPDIR/out.csv"
}

n=0
same() { # NAME A B
    n=$((n + 1))
    if [ -n "$2" ] && [ "$2" = "$3" ]; then
        echo "ok $n - $1"
    else
        echo "not ok $n - $1: '$2' is not '$3'"
    fi
}

same "half the inputs and weights: a quarter of the compute time" \
    "$(($(value HALF cycles_by_cause.compute) * 4))" "$(value DENSE cycles_by_cause.compute)"
same "and the same MACs are asked for" "$(value HALF macs)" "$(value DENSE macs)"
same "and the causes add up" "$(value HALF cycles)" \
    "$(($(value HALF cycles_by_cause.compute) + $(value HALF cycles_by_cause.ingress) +
    $(value HALF cycles_by_cause.egress) + $(value HALF cycles_by_cause.fill) +
    $(value HALF cycles_by_cause.drain) + $(value HALF cycles_by_cause.offchip)))"
same "the zeros of a transposed convolution take no time" \
    "$(($(value UP cycles_by_cause.compute) * 4))" "$(($(value UP macs) / 16))"

# A step is 1.5 cycles of compute, during which what moves takes one; the first data and the last
# flush are waited for, a cycle each.
cat >"$TMPDIR/small.m" <<'END'
Accelerator a { PEs: 2  Clock: 1 GHz }
Network n {
  Layer SMALL { Type: GEMM Density { A: 0.5 } Dimensions { M: 2, N: 1001, K: 3 } }
  Layer LARGE { Type: GEMM Density { A: 0.5 } Dimensions { M: 1000000, N: 1000000, K: 999999 } }
}
Dataflow d { SpatialMap(1,1) M; TemporalMap(1,1) N; TemporalMap(3,3) K; }
END
"$DCC" "$TMPDIR/small.m" --csv - | tr -d '\r' >"$TMPDIR/out.csv"
same "parts of cycles are rounded up together" "$(value SMALL cycles)" 1504
same "and a layer of 10^17 cycles has them all" "$(value LARGE cycles)" 249999750000000002
# The wait at both ends is 69999 cycles longer: more than fits 63 bits in the finest fractions.
"$DCC" "$TMPDIR/small.m" --layer SMALL --set noc.latency=70000 --csv - | tr -d '\r' >"$TMPDIR/out.csv"
same "and so has one that waits for long" "$(value SMALL cycles)" $((1504 + 2 * 69999))

# evaluate HARDWARE LAYER: its CSV
evaluate() {
    printf 'Accelerator a { %s }\nNetwork n { Layer L { Type: GEMM %s } }\n' "$1" "$2" >"$TMPDIR/one.m"
    "$DCC" "$TMPDIR/one.m" --csv - 2>/dev/null | tr -d '\r' >"$TMPDIR/out.csv"
}
walk='Dataflow d { TemporalMap(1,1) K; }'
# On the chip 1.5 + 0.5 + 3 * 1.5 + 1 cycles, and 0.15 for the first data.
evaluate 'PEs: 1 NoC 0 { Bandwidth: 1 } OffChip { Bandwidth: 10 }' "Density { A: 0.5 } Dimensions { M: 1, N: 1, K: 4 } $walk"
same "what comes from off-chip first is a part of that time" "$(value L onchip_cycles) $(value L cycles)" '8 8'
evaluate 'PEs: 5 OffChip { Holds: Input, Weight Bandwidth: 0.5 }' \
    'Density { A: 0.3, B: 0.2 } Dimensions { M: 2, N: 12, K: 1 } Dataflow d { SpatialMap(12,12) N; }'
same "0.6 and 2.4 elements off-chip are 3" "$(value L offchip_cycles)" 6
evaluate 'PEs: 1 OffChip { Bandwidth: 0.7 }' "Dimensions { M: 1, N: 1, K: 10 } $walk"
same "21 elements at 0.7 in a cycle take 30" "$(value L offchip_cycles)" 30
evaluate 'PEs: 1 Clock: 940 MHz OffChip { Bandwidth: 2.1 GB/s }' "Dimensions { M: 1, N: 1, K: 52 } $walk"
same "105 bytes at 2.1 GB/s and 940 MHz take 47" "$(value L offchip_cycles)" 47
evaluate 'PEs: 1' "Density { A: 0.1, B: 0.1 } Dimensions { M: 100, N: 100, K: 100 } Dataflow d { TemporalMap(100,100) M; }"
same "a hundredth of 1,000,000 MACs takes 10,000 cycles" "$(value L cycles_by_cause.compute) $(value L cycles)" '10000 10002'
echo "1..$n"
