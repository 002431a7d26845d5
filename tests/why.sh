#!/bin/bash
# dcc --why and --diff: the parts add up to the cycles and to the energy for every shipped pair of a
# network and a machine, remedies are what a run with the change comes to, and what changed between
# two runs is said with its cause.
set -u

cd "$TMPDIR" || exit 1
PATH=$BUILD:$PATH
export DCC_PATH=$SRCDIR/dataflows:$SRCDIR/models:$SRCDIR/hardware

source "$SRCDIR/tests/tap"

# The parts of each layer are what its own figures say.
adds_up() {
    dcc "$@" --why --json why.json >/dev/null 2>log &&
        python3 - <<'EOF' >>log 2>&1
import json, sys

run = json.load(open("why.json"))
layers = {}
for layer in run["layers"]:
    layers.setdefault(layer["name"], []).append(layer)
for why in run["why"]:
    layer = layers[why["layer"]].pop(0)
    assert sum(p["cycles"] for p in why["time"]) == layer["cycles"], why["layer"]
    assert all(p["cycles"] > 0 or p["cause"] == "ideal" for p in why["time"]), why["layer"]
    assert why["time"][0]["cycles"] == layer["ideal_cycles"], why["layer"]
    setup = sum(p["cycles"] for p in why["time"] if p["cause"] == "setup")
    assert setup == layer["cycles_by_cause"].get("setup", 0), why["layer"]
    pj = layer.get("energy_pj", {}).get("total")
    if pj:
        assert abs(sum(p["pj"] for p in why["energy"]) / pj - 1) < 1e-9, (why["layer"], pj)
    cycles = [r["cycles"] for r in why["remedies"]]
    assert cycles and cycles == sorted(cycles), why["layer"]
assert run["why"]
EOF
}

while read -r -a words; do
    adds_up "${words[@]}"
    report $? "adds up: ${words[*]}"
done <<'EOF'
yr-p.m --model vgg16.m --hw eyeriss.hw
kc-p.m --model resnet50.m --hw nvdla-large.hw
rs.m --model alexnet.m --hw eyeriss.hw --layer CONV*
x-p.m --model mobilenetv2.m --hw paper256.hw
ff-gemmini.m --model bert-base.m --hw ff-gemmini.hw
ff-eyeriss.m --model bert-base.m --hw ff-eyeriss.hw
ff-simba.m --model bert-base.m --hw ff-simba.hw
EOF

# A remedy is what the changed machine comes to.
remedy() {
    local kind=$1 what=$2 set=$3
    shift 3
    dcc "$@" --why --json why.json >/dev/null 2>log && dcc "$@" --set "$set" --json set.json >/dev/null 2>>log &&
        python3 - "$kind" "$what" <<'EOF' >>log 2>&1
import json, sys

why = json.load(open("why.json"))["why"][0]
now = json.load(open("set.json"))["layers"][0]
[remedy] = [r for r in why["remedies"] if r["kind"] == sys.argv[1] and r["what"] == sys.argv[2]]
print(remedy, now["cycles"])
assert remedy["cycles"] == now["cycles"]
assert remedy["energy_pj"] is None or abs(remedy["energy_pj"] / now["energy_pj"]["total"] - 1) < 1e-12
EOF
    report $? "remedy: $kind of $what"
}

vgg=(yr-p.m --model vgg16.m --hw eyeriss.hw --layer CONV2)
remedy units PEs pes=336 "${vgg[@]}"
remedy capacity L2 l2.capacity=221184B "${vgg[@]}"
gemm=(ff-gemmini.m --model bert-base.m --hw ff-gemmini.hw --layer QKV)
remedy units SARows SARows=32 "${gemm[@]}"
remedy port DRAM DRAM.bandwidth=8 "${gemm[@]}"
remedy capacity Scratchpad Scratchpad.capacity=1MiB "${gemm[@]}"
remedy offchip off-chip offchip.bandwidth=2GB/s kc-p.m --model vgg16.m --hw paper256.hw \
    --set offchip.bandwidth=1GB/s --layer CONV2

# A shipped dataflow keeps its constants as they stand, also where -D is for files of the run that have
# some of the same name; which those are is said.
shipped() { # shipped WHAT CYCLES ARGUMENT...: of kc-p.m, with TileC defined
    dcc "${@:3}" -D TileC=4 --why --json why.json >out 2>log && python3 - "$2" <<'EOF' >>log 2>&1
import json, sys

[remedy] = [r for r in json.load(open("why.json"))["why"][0]["remedies"] if r["kind"] == "dataflow"]
print(remedy)
assert remedy["cycles"] == int(sys.argv[1]) and remedy["what"] == "kc-p.m"
assert remedy["label"] == "dataflow kc-p.m, with its own TileC"
EOF
    report $? "-D is not for shipped dataflows: $1"
}
cycles() { dcc "$@" --json one.json >/dev/null 2>log && python3 -c 'import json; print(json.load(open("one.json"))["layers"][0]["cycles"])'; }
one=(--model alexnet.m --layer CONV5)
plain=$(cycles kc-p.m "${one[@]}" --hw paper256.hw)
shipped "constants of a dataflow" "$plain" kc-p.m "${one[@]}" --hw paper256.hw
cat "$SRCDIR/hardware/paper256.hw" "$SRCDIR/dataflows/kc-p.m" >both.m
shipped "of a file that has the machine, too" "$plain" both.m "${one[@]}"
layer='Network "n" { Layer A { Type: CONV Dimensions { K: 64, C: 64, R: 3, S: 3, Y: 18, X: 18 * TileC } } }'
echo "Constant TileC 4; $layer" >four.m
echo "Constant TileC 1; $layer" >net.m
shipped "of a network" "$(cycles kc-p.m --model four.m --hw paper256.hw)" yx-p.m --model net.m --hw paper256.hw

# A hierarchy that the dataflow takes in the classic form goes by the names that it has, which are keys.
cat >shape.hw <<'END'
Accelerator "shape" { Clock: 1 GHz Technology: "28nm" Hierarchy {
  Memory DRAM { Bandwidth: 2 } Memory GLB { Capacity: 1 KiB } Fanout Array 16 { Bandwidth: 2, Latency: 4, Prefetch: step }
  Memory RF { Capacity: 256 B } MAC { } } }
END
cat >shape.m <<'END'
Network "n" { Layer L { Type: CONV Dimensions { K: 4, C: 4, Y: 6, X: 6, R: 3, S: 3 } } }
Dataflow "c" { SpatialMap(1,1) K; TemporalMap(1,1) C; Cluster(4); SpatialMap(1,1) X'; }
END
shape=(shape.m --hw shape.hw)
remedy bandwidth Array Array.bandwidth=4 "${shape[@]}"
remedy latency Array Array.latency=2 "${shape[@]}"
remedy prefetch Array Array.prefetch=layer "${shape[@]}"
remedy units Array Array=32 "${shape[@]}"
remedy offchip DRAM DRAM.bandwidth=4 "${shape[@]}"
remedy capacity GLB GLB.capacity=2KiB "${shape[@]}"
remedy capacity RF RF.capacity=512 "${shape[@]}"
dcc "${shape[@]}" --why >out 2>log && grep -q 'fill over Array, level 1' out && grep -q 'waiting for DRAM' out &&
    grep -q 'again in RF' out && ! grep -q 'NoC\|off-chip\|L[12]' out
report $? "names of a hierarchy in the classic form"

# Where the dataflow leaves places open, the changed machine is placed anew.
cat >auto.hw <<'END'
Accelerator "auto" { Technology: "28nm" Hierarchy { Memory DRAM { Bandwidth: 2, Read: 64 pJ, Write: 64 pJ }
  Memory GLB { Capacity: 700 B, Prefetch: none } Fanout PE 8 { Bandwidth: 8 }
  Memory RF { Holds: Weight, Output, Capacity: 64 B } MAC { Lanes: 1 } } }
END
cat >auto.m <<'END'
Dataflow "ws" for CONV {
  TemporalMap(8,8) K; TemporalMap(1,1) C; TemporalMap(1,1) Y'; TemporalMap(1,1) X'; Buffer(GLB) auto;
  SpatialMap(1,1) K; Fanout(PE); Buffer(RF) Weight, Output; TemporalMap(1,1) R; TemporalMap(1,1) S;
}
Network "n" { Layer L { Type: CONV Dimensions { K: 16, C: 4, Y': 12, X': 12, R: 3, S: 3 } } }
END
for prefetch in none layer; do
    auto=(auto.m --hw auto.hw --set "GLB.prefetch=$prefetch")
    remedy capacity GLB GLB.capacity=1400 "${auto[@]}"
    remedy capacity RF RF.capacity=128 "${auto[@]}"
    remedy port DRAM DRAM.bandwidth=4 "${auto[@]}"
done
remedy prefetch GLB GLB.prefetch=layer auto.m --hw auto.hw

# Rates that differ are widened together, and no number says it.
sed 's/Bandwidth: 2/Bandwidth { Read: 2, Write: 1, Shared: 2 }/' auto.hw >rates.hw
dcc auto.m --hw rates.hw --why >out 2>log && grep -q 'twice the bandwidth of DRAM [^(]' out
report $? "several rates of a port"

# As people see it.
dcc yr-p.m --model vgg16.m --hw eyeriss.hw --why CONV2 >one 2>log
grep -q '^CONV2: .* cycles, .* times the ideal; most is lost to waiting for I over NoC 0$' one &&
    grep -q 'what would help' one && grep -q 'twice the bandwidth of NoC 0' one &&
    grep -q 'the best dataflow of a short search' one && ! grep -q '^CONV1' one
report $? "one layer in full"
dcc --why CONV2 yr-p.m --model vgg16.m --hw eyeriss.hw >first 2>>log
cmp -s <(head -15 one) <(head -15 first)
report $? "--why LAYER may stand first"
dcc --why yr-p.m --model vgg16.m --hw eyeriss.hw >all 2>>log
grep -q '^layer .*what helps most' all && grep -q '^Most is lost in CONV' all &&
    [ "$(grep -c '^CONV' all)" -eq 13 ]
report $? "all layers, and the one that loses most in full"

cat >open.m <<'END'
Dataflow "open" { SpatialMap(?,?) K; Any; }
END
dcc open.m --model vgg16.m --hw eyeriss.hw --layer CONV1 --optimize edp --why --html open.html >open 2>log
grep -q '^CONV1: .* cycles' open && grep -q 'twice the bandwidth' open
report $? "a dataflow with holes, filled"

says() {
    local status=$1 message=$2
    shift 2
    "$@" >out 2>err
    [ $? -eq "$status" ] && grep -qF -- "$message" err
    report $? "$message"
}

says 2 "no layer 'NOPE'" dcc yr-p.m --model vgg16.m --hw eyeriss.hw --why NOPE
for one in --why --explain=CONV2 --explain-cost --detail; do
    says 2 "${one%=*} is for one dataflow" dcc yr-p.m kc-p.m --model vgg16.m --hw eyeriss.hw "$one"
done
dcc rs.m --model vgg16.m --hw eyeriss.hw --layer 'CONV*' --json a.json >/dev/null 2>&1
dcc rs.m --model vgg16.m --hw eyeriss.hw --layer 'CONV*' --set noc.bandwidth=64 --json b.json >/dev/null 2>&1
dcc --diff a.json b.json >changes 2>log
grep -q '^total .*ingress -' changes && grep -q '^cycles by cause' changes
report $? "--diff: by cause"
dcc --diff a.json a.json >changes 2>log && grep -q '^total .*same' changes
report $? "--diff: nothing changed"
dcc rs.m --model vgg16.m --hw eyeriss.hw --layer CONV1 --json c.json >/dev/null 2>&1
dcc --diff a.json c.json >changes 2>log && grep -q '^only before: CONV2, ' changes
report $? "--diff: layers that are gone"
# Energies that have no figure are not 0.
python3 - <<'END'
import json
run = json.load(open("a.json"))
for energy in [run["total"]["energy_pj"]] + [layer["energy_pj"] for layer in run["layers"]]:
    energy["total"] = energy["l2"] = None
json.dump(run, open("lacks.json", "w"))
END
dcc --diff lacks.json a.json >changes 2>log && grep -Eq '^total .* -( |$)' changes && grep -Eq '^l2 +- +[0-9.]+.J +-$' changes
report $? "--diff: what is not known is not 0"
says 2 "--diff takes two runs" dcc --diff a.json
says 2 "not JSON" dcc --diff a.json "$SRCDIR/README"
says 2 "cannot read nowhere.json: No such file" dcc --diff a.json nowhere.json
echo '{"layers": 3}' >odd.json
says 2 "odd.json: not a run of dcc" dcc --diff a.json odd.json
echo '{"tool": "dcc", "layers": [3, {"name": 5, "cycles": "x"}, {"name": "L", "count": null, "energy_pj": 7}]}' >odd.json
dcc --diff odd.json odd.json >changes 2>log && dcc --diff a.json odd.json >changes 2>log
report $? "--diff: strange layers"
echo "1..$n"
