#!/bin/bash
# Hierarchies of memories: shipped machines and dataflows, --set, the classic shape, --as-hierarchy.
set -u
source "$SRCDIR/tests/tap"
cd "$TMPDIR" || exit 1

# --- shipped files ---

files=0
: >log
for file in "$SRCDIR"/hardware/*.hw "$SRCDIR"/dataflows/*.m; do
    grep -q '^ *Hierarchy\|^ *Buffer(' "$file" || continue
    files=$((files + 1))
    "$DCC" --format="$file" 2>>log | cmp - "$file" >>log 2>&1
done
[ "$files" -ge 28 ] && [ ! -s log ]
report $? "$files shipped files are in canonical form" "$(head -n 1 log)"

for machine in ff-eyeriss ff-simba ff-gemmini ff-tpu zz-accelerator1 zz-accelerator2 zz-accelerator3 \
    zz-gemm-l1-l3 tl-eyeriss-like tl-simba-like; do
    for model in resnet18 resnext50 mnasnet dcgan bert-base; do
        "$DCC" $machine.m --model $model.m --hw $machine.hw --csv out.csv >out 2>log &&
            ! grep -q 'refused\|overflow' out.csv &&
            ! grep -v capacity log | grep -q 'error\|warning'
        report $? "$machine maps $model" "$(head -n 1 log)"
    done
done

gemm() { # M N K: a network of one product
    echo "Network n { Layer L { Type: GEMM Dimensions { M: $1, N: $2, K: $3 } } }" >gemm.m
}
while read -r dataflow machine m n k; do
    gemm "$m" "$n" "$k"
    "$DCC" "$dataflow.m" --model gemm.m --hw "$machine.hw" >out 2>log
    report $? "$dataflow maps what it was found for" "$(head -n 1 log)"
done <<'END'
ff-gemmini-kqv ff-gemmini 4096 3072 1024
ff-gemmini-ktq ff-gemmini 4096 4096 64
ff-eyeriss-mb5 ff-eyeriss 8 8192 1024
ff-eyeriss-mb6 ff-eyeriss 256 512 256
ff-tpu-mb2 ff-tpu 1024 1024 8192
ff-simba-mb6 ff-simba 256 512 256
zz-gemm-128 zz-gemm-l1-l3 128 128 128
END
"$DCC" zz-lab1.m --model resnet18.m --layer CONV1 --hw zz-accelerator1.hw >out 2>log
report $? "zz-lab1 maps what it was found for" "$(head -n 1 log)"

# --- lists of names ---

cat >lists.hw <<'HW'
Accelerator "l" { Clock 1 GHz, Technology "28nm"
  Hierarchy {
    Memory D { Holds: Input, Weight, Output Capacity: 64 KiB, Prefetch layer, Latency 3 }
    Memory G { Holds Input, Output, Capacity { Input: 4 KiB, Output: 2 KiB } }
    Fanout P (2*2) { Multicast yes, Reduction no, Dims: K, C }, Fanout Q 2
    Memory R { Holds: Weight,
      Output
      Latency: 2 }
  } }
HW
cat >want.hw <<'HW'
Accelerator "l" {
  Clock: 1 GHz
  Technology: "28nm"
  Hierarchy {
    Memory D {
      Holds: Input, Weight, Output
      Capacity: 64 KiB
      Prefetch: layer
      Latency: 3
    }
    Memory G {
      Holds: Input, Output
      Capacity { Input: 4 KiB, Output: 2 KiB }
    }
    Fanout P (2*2) { Multicast: yes, Reduction: no, Dims: K, C }
    Fanout Q 2
    Memory R { Holds: Weight, Output, Latency: 2 }
  }
}
HW
"$DCC" --format=lists.hw 2>log | cmp - want.hw >>log
report $? "a list of names ends where the next key is" "$(head -n 1 log)"

printf '%s\n' 'Dataflow "f" {' '  Buffer(GLB) Input,Output ; Level' '  Fanout ( PE ,2*Half );Buffer(RF)Weight;Level; }' >lines.m
printf '%s\n' 'Dataflow "f" {' '  Buffer(GLB) Input, Output;' '  Level;' '  Fanout(PE, 2*Half);' '  Buffer(RF) Weight;' \
    '  Level;' '}' >want.m
"$DCC" --format=lines.m 2>log | cmp - want.m >>log
report $? "lines are brought into form" "$(head -n 1 log)"

# --- --set ---

cat >small.hw <<'HW'
Accelerator "small" {
  Hierarchy {
    Memory DRAM { }
    Memory GLB { Holds: Input, Output }
    Fanout PE 8
    Memory RF { Holds: Weight, Output }
  }
}
HW
cat >ws.m <<'M'
Dataflow "ws" for CONV {
  TemporalMap(8,8) K; TemporalMap(1,1) C;
  Buffer(GLB) Input, Output;
  TemporalMap(1,1) Y'; TemporalMap(1,1) X';
  SpatialMap(1,1) K;
  Fanout(PE);
  Buffer(RF) Weight, Output;
  TemporalMap(1,1) R; TemporalMap(1,1) S;
}
Network "n" { Layer L { Type: CONV Dimensions { K: 16, C: 2, Y': 4, X': 4, R: 3, S: 3 } } }
M
pes() { "$DCC" ws.m --hw small.hw --json - "$@" 2>log | sed -n 's/^ *"pes": *\([0-9]*\).*/\1/p' | head -n 1; }
[ "$(pes)" = 8 ] && [ "$(pes --set PE=4)" = 4 ]
report $? "a fan-out's size is set by its name" "$(pes --set PE=4)"

! "$DCC" ws.m --hw small.hw --set pe=4 >out 2>log && grep -q "no key 'pe'; did you mean 'PE'?" log
report $? "names have their case" "$(cat log)"

sed 's/Output }$/Output, Capacity { Weight: 24 B, Output: 1 B }, Bandwidth { Read: 3, Write: 2 } }/' small.hw >parts.hw
"$DCC" ws.m --hw parts.hw --json want >out 2>want.log
"$DCC" ws.m --hw small.hw --json have --set 'RF.capacity={ Weight: 24 B, Output: 1 B }' \
    --set 'GLB.bandwidth={ Read: 3, Write: 2 }' --set 'GLB.capacity={Weight: 24, Output: 1}' \
    --set 'RF.bandwidth={Read: 3, Write: 2}' >out 2>log
cmp want have >>log 2>&1 && grep -q 'of RF for O,' want.log && cmp want.log log
report $? "a value may have a part for each tensor, or each way" "$(head -n 1 log)"

for value in 'RF.capacity={}' 'RF.capacity={ Weight: 24 } GLB: 3' 'RF.capacity=3 { Weight: 24 }' \
    'PE={ Input: 2 }' 'GLB.latency={ Read: 2 }' 'RF.capacity={ Weight: 24'; do
    ! "$DCC" ws.m --hw small.hw --set "$value" >out 2>log && grep -q -- '--set' log
    report $? "--set $value is refused" "$(head -n 1 log)"
done

"$DCC-dse" ws.m --hw small.hw --tech 28nm --sweep PE=2:8:*2 --sweep GLB.capacity=64KiB:1MiB:*2 >out 2>log &&
    grep -q '15 designs' out
report $? "fan-outs and memories are swept by name" "$(head -n 1 log)"

# --- the classic shape ---

cat >classic.hw <<'HW'
Accelerator "c" {
  PEs: 16
  Buffer L1 { Capacity: 512 B }
  Buffer L2 { Capacity: 64 KiB }
  NoC 0 { Bandwidth: 8, Latency: 2, Hops: 2, Reduction: no, Prefetch: tile }
  OffChip { Bandwidth: 16 B/cycle }
}
HW
cat >shape.hw <<'HW'
Accelerator "c" {
  Hierarchy {
    Memory DRAM { Bandwidth: 16 B/cycle }
    Memory GLB { Capacity: 64 KiB }
    Fanout PE 16 { Bandwidth: 8, Latency: 2, Hops: 2, Reduction: no, Prefetch: tile }
    Memory RF { Holds: Weight, Input, Output, Capacity: 512 B }
  }
}
HW
for dataflow in yr-p x-p "kc-p -D TileC=8"; do
    # A dataflow and options.
    # shellcheck disable=SC2086
    set -- ${dataflow/ /.m }
    "$DCC" "${1%.m}.m" "${@:2}" --model resnet18.m --hw classic.hw --csv - >classic.csv 2>/dev/null
    "$DCC" "${1%.m}.m" "${@:2}" --model resnet18.m --hw shape.hw --csv - >shape.csv 2>log
    [ "$(wc -l <classic.csv)" -gt 10 ] && cmp classic.csv shape.csv >>log
    report $? "a hierarchy of the classic shape takes $dataflow" "$(head -n 1 log)"
done

# --- lines that are auto ---

cat >auto.hw <<'END'
Accelerator "auto" { Hierarchy {
  Memory DRAM { }
  Fanout PE 4
  Memory MID { Holds: Weight, Capacity: 16 B }
  Memory RF { }
} }
END
# auto LINES WRITTEN: the lines, one of which is auto, come to what is written out
auto() {
    for lines in "$1" "$2"; do
        cat >lines.m <<END
Network "n" { Layer L { Type: GEMM, Dimensions { M: 8, N: 8, K: 8 } } }
Dataflow "d" { TemporalMap(4,4) M; SpatialMap(2,2) N; Fanout(PE); $lines TemporalMap(1,1) M; }
END
        "$DCC" lines.m --hw auto.hw --json - 2>log
    done | python3 -c 'import json, sys
text, read = sys.stdin.read(), json.JSONDecoder().raw_decode
one, end = read(text)
other, _ = read(text[end:].lstrip())
sys.exit(one["layers"] != other["layers"] or not all(m["units"] for m in one["layers"][0]["memories"]))' 2>>log
    report $? "$1 is $2"
}
auto "Buffer(MID) auto; Buffer(RF) A, C;" "Buffer(MID) B; Buffer(RF) A, C;"
auto "Buffer(MID) auto; TemporalMap(8,8) K; Buffer(RF) A, C;" "Buffer(MID) B; TemporalMap(8,8) K; Buffer(RF) A, C;"
auto "Buffer(MID) auto; Level; Buffer(RF) A, C;" "Buffer(MID) B; Level; Buffer(RF) A, C;"

# --- --as-hierarchy ---

for machine in paper256 nvdla-large maeri tpu-v1 shidiannao; do
    "$DCC" --as-hierarchy $machine.hw >recast.hw 2>log && "$DCC" --format=recast.hw 2>>log | cmp - recast.hw >>log
    report $? "$machine is printed as a hierarchy, in canonical form"
done

# One level, so that NoC 0 is all that counts.
"$DCC" --as-hierarchy classic.hw >recast.hw 2>log
"$DCC" x-p.m --model resnet18.m --hw classic.hw --csv - 2>/dev/null >classic.csv
"$DCC" x-p.m --model resnet18.m --hw recast.hw --csv - 2>>log >recast.csv
[ "$(wc -l <classic.csv)" -gt 10 ] && cmp classic.csv recast.csv >>log
report $? "and means the same"

"$DCC" --as-hierarchy tpu-v1.hw >out 2>log && grep -q '^// NoC 1 is not in it' out && grep -q '^// The Holds of OffChip' out
report $? "what has no place in it is said"

"$DCC" --as-hierarchy small.hw >out 2>log
[ $? -eq 1 ] && [ ! -s out ] && grep -q 'it has a Hierarchy already' log
report $? "a hierarchy is refused"
echo "1..$n"
