#!/bin/bash
# Sweeps over machines with hierarchies of memories: what has no figure, what is too small, budgets;
# and random ones, of which every design is what dcc says of the same files with --set and -D.
#   SWEEPS  how many (default 24)     SEED  of the first (default: of the day)
set -u
source "$SRCDIR/tests/tap"
cd "$TMPDIR" || exit 1
PATH=$BUILD:$PATH
unset DCC_PATH

# says STATUS TEXT ARG...: dcc-dse ends so and says that
says() {
    local status=$1 text=$2
    shift 2
    dcc-dse "$@" >out 2>log
    [ $? -eq "$status" ] && grep -qF -- "$text" log
    report $? "$text"
}

simba=(ff-simba.m --model resnet18.m --layer CONV1 --hw ff-simba.hw)
says 2 'area is not known: neither the machine nor technology ff-simba has a figure for MACs, GlobalBuffer, PEInput' \
    "${simba[@]}" --sweep PEs=4,16
says 1 '2 of 2 designs have a memory PEAccuBuffer that is too small; the least that would do has 112 bytes' \
    "${simba[@]}" --sweep PEAccuBuffer.capacity=64B,100B --objectives energy
says 1 '1 of 3 designs has no legal mapping; the first of them, PEs=2147483647 GlobalBuffer.capacity=1KiB: ' \
    "${simba[@]}" --sweep PEs=2147483647,8,16 --sweep GlobalBuffer.capacity=1KiB --objectives energy
says 2 "no key 'GlobalBufer.capacity'; did you mean 'GlobalBuffer.capacity'?" \
    "${simba[@]}" --sweep GlobalBufer.capacity=1KiB,2KiB
says 2 '--buffers exact is for L1 and L2; a memory of a hierarchy that is given no Capacity has what' \
    "${simba[@]}" --sweep PEs=4,16 --buffers exact

# A machine of its own figures, which leaves out one.
cat >own.hw <<'END'
Accelerator "own" {
  Precision: 8 bit
  Hierarchy {
    Memory DRAM { Bandwidth: 8, Read: 64 pJ, Write: 64 pJ, Area: 1 mm2 }
    Memory GLB { Capacity: 8 KiB, Read: 2 pJ, Write: 2 pJ, Area: 0.2 mm2 }
    Memory Reg { Holds: Weight, Read: 0.1 pJ }
    MAC { Energy: 0.3 pJ, Area: 500 um2 }
  }
}
END
cat >own.m <<'END'
Network "net" { Layer A { Type: CONV Dimensions { K: 16, C: 8, Y': 6, X': 6, R: 3, S: 3 } } }
Dataflow "one" { TemporalMap(8,8) K; TemporalMap(4,4) C; Buffer(GLB); TemporalMap(1,1) K; TemporalMap(1,1) C;
  Buffer(Reg); TemporalMap(1,1) Y'; }
END
sed '/Buffer(Reg)/d; /^Network/d; s/TemporalMap(1,1) C;/&}/; s/"one"/"two"/' own.m >two.m
own=(own.m --hw own.hw --sweep GLB.capacity=4KiB:16KiB:*2)
says 2 'energy is not known: the machine has no figure for Reg, and there is no technology' "${own[@]}" --objectives energy
says 2 'area is not known: the machine has no figure for Reg, and there is no technology' "${own[@]}" --set Reg.write=1pJ
says 2 'power is not known: the machine has no figure for MACs, GLB, Reg, and there' "${own[@]}" --set Reg.write=1pJ \
    --objectives energy --power 3mW
says 1 '3 of 3 designs have an area over the budget of 1 mm2; the least of them has at least 1.2015 mm2, 1.2 times' \
    "${own[@]}" --set Reg.write=1pJ --set Reg.area=1000um2 --area 1mm2

# A machine that is none as it is described; what is swept takes the place of what is wrong.
sed 's/Bandwidth: 8,/Bandwidth { Read: 8, Write: 8 B\/cycle },/; s/Precision: .*/Precision { Input: 8 bit, Weight: 8 bit, Output: 16 bit }/' \
    own.hw >ports.hw
ports=(own.m --hw ports.hw --set Reg.write=1pJ --objectives "runtime,energy")
dcc-dse "${ports[@]}" --sweep 'DRAM.bandwidth=8 B/cycle,4' --points ports.csv >out 2>log &&
    for value in '8 B/cycle' 4; do
        dcc "${ports[@]:0:5}" --set "DRAM.bandwidth=$value" --csv - 2>>log | awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i ~ /^cycles /) at = i }
            NR == 2 { print $at }'
    done >cycles && [ -s cycles ] && tail -n +2 ports.csv | cut -d, -f5 | cmp - cycles >>log
report $? "a machine that only a swept value makes one"
dcc-dse "${ports[@]}" --sweep DRAM.bandwidth.write=8,9 --sweep GLB.capacity=8KiB,9KiB --map --json map.json >out 2>log &&
    grep -q '"evaluated": 4' map.json
report $? "and dataflows are searched for on it"
for values in '4,4 B/cycle' '4 B/cycle,4'; do
    says 0 '1 of 2 designs has no legal mapping; the first of them, DRAM.bandwidth.write=4B/cycle: a Bandwidth in elements' \
        "${ports[@]}" --sweep "DRAM.bandwidth.write=$values"
done
says 1 'a Bandwidth in elements one way and in bytes the other' "${ports[@]}" --sweep GLB.capacity=8KiB,9KiB
says 0 '3 of 6 designs lack a figure; the first of them, dataflow=own.m GLB.capacity=4KiB: energy is not known: the ' \
    own.m two.m --hw own.hw --sweep GLB.capacity=4KiB:16KiB:*2 --objectives energy
dcc-dse "${own[@]}" --set Reg.write=1pJ --sweep Reg.area=1000um2,9000um2 --sweep GLB.area=0.1mm2,0.3mm2 --area 1.21mm2 \
    --rows 1 >out 2>log && grep -q '^  skipped by bounds  *6$' out && grep -q '^  valid  *6$' out && ! grep -q ' L1 ' out
report $? "areas that are given keep to a budget"
says 0 '1 of 2 designs has no legal mapping; the first of them, GLB.bandwidth.read=2B/cycle: a Bandwidth in elements' \
    own.m --hw own.hw --set Reg.write=1pJ --set precision.partial=16bit --set GLB.bandwidth.write=3 \
    --sweep GLB.bandwidth.read=2,2B/cycle --objectives energy
dcc-dse "${own[@]}" --set Reg.write=1pJ --objectives energy --html one.html >/dev/null 2>log &&
    dcc-dse "${own[@]}" --set Reg.write=1pJ --set Reg.area=1000um2 --html two.html >/dev/null 2>>log &&
    [ "$(grep -c '<svg' one.html)$(grep -c '<svg' two.html)" = 25 ] && grep -q "energy, J" one.html && ! grep -q nan two.html
report $? "the figure has what is known"

if ! command -v python3 >/dev/null; then
    echo "ok $((n + 1)) - random sweeps # SKIP no python3"
    echo "1..$((n + 1))"
    exit 0
fi
python3 "$SRCDIR/tests/sweeps.py" "$BUILD" "$SRCDIR" "${SWEEPS:-24}" "${SEED:-$(date +%Y%m%d)}" $((n + 1))
