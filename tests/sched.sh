#!/bin/bash
# dcc-sched as a user runs it: labs, allocations, threads and seeds, batches, JSON and traces, what is
# wrong with systems, and ResNet-18 from ONNX.
set -u

cd "$TMPDIR" || exit 1
PATH=$BUILD:$PATH
export DCC_PATH=$SRCDIR/dataflows:$SRCDIR/models:$SRCDIR/hardware:$SRCDIR/examples/sched

source "$SRCDIR/tests/tap"

# figures EXPRESSION FILE [OTHER]: of the JSON of a schedule, as `run`, and of another one
figures() {
    python3 -c 'import json, sys
run, other = (json.load(open(name)) for name in (sys.argv[2], sys.argv[-1]))
sys.exit(not eval("(" + sys.argv[1] + ")"))' "$@"
}

lab() { # NUMBER ARGUMENT...
    dcc-sched --model "stream-lab$1.m" --system stream-bus.hw "${@:2}"
}

# --- labs ---

for i in 1 2 3; do
    lab $i --json lab$i.json >out 2>log
    report $? "lab $i runs"
done
figures 'run["latency_cycles"] > 3 * other["latency_cycles"]' lab1.json lab3.json
report $? "fused is three times as fast as layer by layer"
figures 'len(run["nodes"]) == 224 and run["optimal"] and run["gap"] == 0 and run["schedules"] == 3 * 81' lab3.json
report $? "224 nodes, the best of 81 allocations"
figures 'run["allocation"] == {"CONV1": ["c0"], "CONV2": ["c1"], "CONV3": ["c2"], "CONV4": ["c0"]}' lab1.json
report $? "what is fixed stays fixed"
figures '[n["core"] for n in run["nodes"]] == ["c0", "c1", "c2"] * 4 and
    [n["box"]["K"] for n in run["nodes"][:3]] == [[0, 3], [3, 6], [6, 8]]' lab2.json
report $? "parts of filters are dealt to the cores"
figures 'run["nodes"][5]["box"] == {"N": [0, 1], "K": [0, 8], "Y\u0027": [5, 6], "X\u0027": [0, 56]}' lab3.json
report $? "a node has a row"
figures 'all(abs(sum(r["energy_pj"][k] for k in ("cores", "links", "offchip")) - r["energy_pj"]["total"]) < 1e-6 * r["energy_pj"]["total"] for r in (run, other))' lab1.json lab3.json
report $? "parts of the energy add up"
# each row of each but the last layer comes once to the core of the next, if that is another
figures 'sum(t["bytes"] for t in run["transfers"] if t["from"] == "OffChip") == 3 * 56 * 56 + 8 * 9 * (3 + 3 * 8) and
    sum(t["bytes"] for t in run["transfers"] if t["to"] == "OffChip") == 8 * 56 * 56' lab3.json
report $? "what is compulsory goes off-chip, and nothing else"

for objective in latency energy edp; do
    lab 3 --objective $objective --json $objective.json >out 2>log
    report $? "least $objective"
done
figures 'run["latency_cycles"] <= other["latency_cycles"]' latency.json energy.json &&
    figures 'run["energy_pj"]["total"] <= other["energy_pj"]["total"]' energy.json latency.json
report $? "each is least of its own"
lab 3 --priority memory --json memory.json >out 2>log &&
    figures 'max(c["peak_bytes"] for c in run["cores"]) <= max(c["peak_bytes"] for c in other["cores"])' memory.json lab3.json
report $? "deepest first needs less memory"

lab 3 --threads 1 --json one.json >one 2>log && lab 3 --threads 5 --json five.json >five 2>log && cmp one.json five.json >>log && cmp one five >>log
report $? "threads change nothing"
lab 3 --trace trace.json >out 2>log &&
    figures 'len([e for e in run["traceEvents"] if e["ph"] == "X" and e["pid"] == 0]) == 224' trace.json
report $? "a trace has all nodes"
lab 3 --html chart.html --json chart.json >out 2>log && python3 - >>log 2>&1 <<'END'
import html.parser, json

run, page, routes = json.load(open("chart.json")), open("chart.html").read(), {"port": 2, "cores": 1}

class Reader(html.parser.HTMLParser):
    marks, titles = [], []
    def handle_starttag(self, tag, attrs):
        if tag == "rect" and "y" in dict(attrs):  # the others are of the legend
            self.marks.append(dict(attrs))
    def handle_data(self, data):
        if " cycles" in data and "\n" in data:
            self.titles.append(data)

reader = Reader()
reader.feed(page)
moved = [t for t in run["transfers"] if not t["shared"]]
links = sum(2 if "OffChip" in (t["from"], t["to"]) else 1 for t in moved)
assert len(reader.marks) == 224 + links, (len(reader.marks), links)
assert sum(int(m["width"]) for m in reader.marks if int(m["y"]) < 3 * 26) == sum(c["busy_cycles"] for c in run["cores"])
assert "://" not in page
END
report $? "a chart has all nodes and transfers, and nothing from elsewhere"
grep -q '<p>CONV1: c2, Y.* all; CONV2: c1' chart.html
report $? "a chart says what was chosen"
lab 3 --json - >stdout.json 2>log && cmp stdout.json lab3.json >>log
report $? "JSON goes to standard output"
lab 3 --batch 6 --json batch.json >out 2>log && grep -q '^  an image every ' out &&
    figures 'run["cycles_per_image"] < other["latency_cycles"] and len(run["nodes"]) == 6 * 224 and
        sum(t["bytes"] for t in run["transfers"] if t["tensor"].startswith("W of")) == sum(t["bytes"] for t in other["transfers"] if t["tensor"].startswith("W of"))' batch.json lab3.json
report $? "images are pipelined, and share the weights"

# --- systems ---

cat >net.m <<'END'
Network "pair" {
  Layer one { Type: CONV, Padding { X: 1, Y: 1 }, Dimensions { K: 16, C: 8, Y: 16, X: 16, R: 3, S: 3 } }
  Layer two { Type: CONV, From: one, Stride { X: 2, Y: 2 }, Dimensions { K: 16, C: 16, Y: 16, X: 16, R: 2, S: 2 } }
  Layer sum { Type: ADD, From { A: two; B: two }, Dimensions { C: 16, Y': 8, X': 8 } }
}
Dataflow "by filters" { SpatialMap(1,1) K; TemporalMap(4,4) C; }
END
cat >small.hw <<'END'
Accelerator "small" {
  PEs: 16
  Buffer L2 { Capacity: 16 KiB }
  NoC 0 { Bandwidth: 8 }
}
END
sed 's/PEs: 16/&, Clock: 1 GHz/' small.hw >timed.hw
sed 's/PEs: 16/&, Clock: 500 MHz/' small.hw >slow.hw
cat >ok.hw <<'END'
System "ok" {
  Core a { Accelerator: small, Dataflow: "by filters" }
  Core b { Accelerator: small.hw, Dataflow: map }
  Link a b { Bandwidth: 16 bit/cycle }
  Link port { Connects: all, OffChip; Bandwidth: 4 B/cycle }
  OffChip { Bandwidth: 64 bit/cycle }
}
Split { *: Y' 4 }
END
dcc-sched --model net.m --system ok.hw --map-moves 200 --json ok.json >out 2>log
report $? "a dataflow of the model, and the mapper's best"
cat net.m ok.hw >both.m
dcc-sched --model both.m --map-moves 200 --json both.json >out 2>log && cmp ok.json both.json >>log
report $? "all in one file"
figures '[t for t in run["transfers"] if {t["from"], t["to"]} == {"a", "b"}] or len(set(map(str, run["allocation"].values()))) == 1' ok.json
report $? "cores talk over their own link"
dcc-sched --model net.m --system ok.hw --objective energy >out 2>log
[ $? = 2 ] && grep -q 'some energies have no figure' log
report $? "no energies, no least energy"

sed 's/Dataflow: "[^"]*"/Dataflow: map/' "$SRCDIR/hardware/stream-bus.hw" >maps.hw
dcc-sched --model stream-lab1.m --system maps.hw --map-moves 20 --json maps.json >out 2>log &&
    figures 'run["latency_cycles"] <= other["latency_cycles"] and run["allocation"] == other["allocation"]' maps.json lab1.json
report $? "on deep hierarchies the mapper is no worse than the dataflows that come with dcc"

sed 's/Layer two/Layer ""/; s/: two/: ""/g' net.m >unnamed.m
dcc-sched --model unnamed.m --system ok.hw --map-moves 200 --json unnamed.json -o unnamed.kept >out 2>log &&
    dcc-sched --model unnamed.m --system ok.hw --map-moves 200 --replay unnamed.kept >again 2>>log &&
    figures 'run["latency_cycles"] == other["latency_cycles"] and len(run["nodes"]) == len(other["nodes"])' unnamed.json ok.json &&
    cmp <(sed -n 3p out) <(sed -n 3p again) >>log
report $? "a layer whose name is empty is one of the layers"

sed '/^Dataflow/d' net.m >alone.m
sed 's/: map/: "by filters"/' ok.hw >given.hw
{ grep '^Dataflow' net.m; cat given.hw; } >carrying.hw
dcc-sched --model net.m --system given.hw --json given.json >out 2>log &&
    dcc-sched --model alone.m --system carrying.hw --json carrying.json >out 2>log && cmp given.json carrying.json >>log
report $? "a dataflow of the system's file"

# vector WHAT PICOJOULES LAYER ACCELERATOR: the energy in the core of one vector operator
vector() {
    { echo "$4"; echo 'Technology "flat" { MAC { Energy: 1 pJ, Source: "t" } L1 { Energy: 2 pJ, Source: "t" }
          L2 { Energy: 5 pJ, Source: "t" } SRAM { Energy: 7 pJ, Source: "t" } }'
      echo 'Technology "steep" { MAC { Energy: 1 pJ, Source: "t" } L2 { Point 1 { Capacity: 1 KiB, Energy: 1 pJ } Point 2 { Capacity: 1 MiB, Energy: 1024 pJ } Source: "t" } }'; } >vector.hw
    cat >vector.m <<END
Network "n" { Layer A { $3 } }
Dataflow "d" for CONV { SpatialMap(1,1) K; }
System "s" { Clock: 1 GHz
  Core a { Accelerator: vector.hw, Dataflow: "d" }
  Link port { Connects: all, OffChip; Bandwidth: 4 B/cycle }
  OffChip { Bandwidth: 4 B/cycle }
}
END
    dcc-sched --model vector.m --json vector.json >out 2>log && figures "abs(run['energy_pj']['cores'] / ($2) - 1) < 1e-6" vector.json
    report $? "the energy of a vector operator: $1"
}

add="Type: ADD, Dimensions { C: 16, Y': 16, X': 16 }" # 4096 MACs, 3 * 4096 B
tree() {
    echo "Accelerator { Technology: flat, Hierarchy { Memory DRAM { Read: 60 pJ, Write: 60 pJ } Memory GLB { Capacity: 64 KiB ${1-} }
        Fanout F 4 Memory RF { Read: 0.5 pJ, Write: 0.5 pJ } MAC { } } }"
}
vector "an L2" 4096+12288*5 "$add" 'Accelerator { PEs: 4, Technology: flat }'
vector "an L2 of some size" 4096+12288*64 "$add" 'Accelerator { PEs: 4, Technology: steep, Buffer L2 { Capacity: 64 KiB } }'
vector "else of what is in it" 4096+12288*12 "$add" 'Accelerator { PEs: 4, Technology: steep }'
vector "the outermost memory" 4096+12288*5 "$add" "$(tree)"
vector "its own figures" 4096+8192*9+4096*8 "$add" "$(tree ', Read: 9 pJ, Write: 8 pJ')"
vector "of its own size" 4096+12288*64 "$add" "$(tree | sed 's/flat/steep/')"
vector "only what windows reach" 16+5*32 "Type: POOL, Stride { Y: 4, X: 4 }, Dimensions { C: 1, Y: 13, X: 13, R: 1, S: 1 }" \
    'Accelerator { PEs: 4, Technology: flat }'

# --- splits to choose from ---

{ cat net.m; echo "Split { *: none or Y' 4 or Y' all or K 2, X' 2; sum: Y' 2; two: none }"; } >choice.m
sed '/^Split/d' ok.hw >bare.hw
choice() {
    dcc-sched --model choice.m --system bare.hw --map-moves 200 "$@"
}
choice --threads 1 --output chosen.m --json choice.json >out 2>log && grep -q 'is the least of [0-9]* allocations and splits' out &&
    choice --threads 4 --json four.json >four 2>log && cmp choice.json four.json >>log && cmp out four >>log
report $? "splits are chosen, and threads change nothing"
figures 'run["optimal"] and run["split"]["sum"] == "Y\u0027 2" and run["split"]["two"] == "none" and run["split"]["one"] in ("none", "Y\u0027 4", "Y\u0027 all", "K 2, X\u0027 2")' choice.json
report $? "a split that is fixed stays fixed"
for split in "none" "Y' 4" "Y' all" "K 2, X' 2"; do
    sed "s/^Split.*/Split { one: $split; sum: Y' 2 }/" choice.m >fixed.m
    dcc-sched --model fixed.m --system bare.hw --map-moves 200 --json fixed.json >out 2>log &&
        figures 'run["latency_cycles"] >= other["latency_cycles"]' fixed.json choice.json
    report $? "no better: $split"
done
choice --replay chosen.m --json again.json >out 2>log && grep -q 'allocation is fixed, and so are splits' out &&
    figures 'all(run[k] == other[k] for k in ("latency_cycles", "allocation", "split", "energy_pj"))' again.json choice.json
report $? "what was chosen is given back"
dcc --format choice.m >formatted.m 2>log && grep -qF "*: none or Y' 4 or Y' all or K 2, X' 2" formatted.m &&
    dcc --format formatted.m 2>>log | cmp - formatted.m >>log
report $? "the formatter keeps splits"

# wrong MESSAGE WHAT SED...: the system or the network with a change says so, with status 1
wrong() {
    local message=$1 what=$2 status
    shift 2
    sed "$@" ok.hw >wrong.hw
    sed "$@" net.m >wrong.m
    dcc-sched --model wrong.m --system wrong.hw --map-moves 50 >out 2>log
    status=$?
    [ $status = 1 ] && grep -qF -e "$message" log
    report $? "$what"
}

wrong "two' reads 16 channels for I, and 'one' gives 12" "channels do not fit" -e 's/K: 16, C: 8/K: 12, C: 8/'
wrong "note: 'one' is this layer" "both places are named" -e 's/K: 16, C: 8/K: 12, C: 8/'
wrong "'one' gives 15" "rows do not fit" -e 's/C: 8, Y: 16/C: 8, Y: 15/'
wrong "no core 'c' in this system" "a link to no core" -e 's/Link a b/Link a c/'
wrong "link 'port' connects nothing" "a link with one end" -e 's/Connects: all, OffChip/Connects: OffChip/'
wrong "no links lead from a to off-chip memory" "no way to off-chip memory" -e 's/Connects: all, OffChip/Connects: all/'
wrong "core 'a' is given twice" "two cores of one name" -e 's/Core b/Core a/'
wrong "link 'port' is given twice" "two links of one name" -e 's/Link a b {/Link port { Connects: a, b;/'
wrong "'all' is a reserved word" "a core with a reserved name" -e 's/Core b/Core all/'
wrong "Bandwidth wants bit/cycle" "elements are no unit of a link" -e 's/16 bit.cycle/16/'
wrong "no core 'c' in the system; there are a and b" "a layer on no core" -e '/^Split/a Allocate { one: c }'
wrong "no layer 'ones' in the network; did you mean 'one'?" "cores for no layer" -e '/^Split/a Allocate { ones: a }'
wrong "'one' is given twice" "cores given twice" -e '/^Split/a Allocate { one: a; one: b }'
wrong "core 'a' is named twice" "a core named twice" -e '/^Split/a Allocate { one: a, a }'
wrong "Allocate wants names of cores" "an allocation by dim" -e "/^Split/a Allocate { one: Y' 4 }"
wrong "an output is cut: write Y'" "a cut of an input's dim" -e "s/Y' 4/Y' 4; one: Y 4/"
wrong "C is no dim of the output of one" "a cut of what is summed" -e "s/Y' 4/Y' 4; one: C 4/"
wrong "CONV has no dimension 'Q'" "a cut of no dim" -e "s/Y' 4/Y' 4; one: Q 4/"
wrong "number of parts" "no parts" -e "s/Y' 4/Y' 0/"
wrong "K is cut twice" "a dim cut twice" -e "s/Y' 4/Y' 4; one: K 2, K 4/"
wrong "this split is given twice" "a split given twice" -e "s/Y' 4/Y' 4 or none or Y' 4/"
wrong "none is no cut, and stands alone" "none among cuts" -e "s/Y' 4/Y' 4, none/"
wrong "Split wants a dim and its parts" "a split of no dim" -e "s/Y' 4/Y' 4 or all/"
wrong "unexpected '}'" "no split behind or" -e "s/Y' 4/Y' 4 or/"
many=()
for i in 1 2 3 4 6 8 16; do
    for j in 1 2 3 4 6 8 16; do
        many+=("$i" "$j" 1 "$i" "$j" 2)
    done
done
splits=$(printf " or X' %d, Y' %d, K %d" "${many[@]}")
wrong "more than 64 splits of layer 'one'" "splits beyond the limit" -e "s/Y' 4/Y' 4; one:${splits# or}/"
wrong "Allocate wants names of cores with commas between" "alternatives of cores" -e '/^Split/a Allocate { one: a or b }'
wrong "Split wants a dim and its parts" "a cut without parts" -e "s/Y' 4/Y' 4; one: K/"
wrong "a mesh of 2x2 needs 4 cores, and connects 2" "a mesh of too many" -e 's/Link a b/Mesh 2x2/'
wrong "a mesh of 300x4 needs more than 256 cores, and connects 2" "a mesh of far too many" -e 's/Link a b/Mesh 300x4/'
wrong "Mesh wants its rows and columns" "a mesh of no size" -e 's/Link a b/Mesh grid/'
wrong "core 'a': no file 'large'" "an accelerator that is not there" -e 's/Accelerator: small,/Accelerator: large,/'
wrong "core 'a': no file 'by rows'" "a dataflow that is not there" -e 's/"by filters" }$/"by rows" }/'
wrong "core 'a' has a clock of 1000 MHz, the system 200 MHz" "another clock" -e 's/^System "ok" {/&\n  Clock: 200 MHz/' -e 's/Accelerator: small,/Accelerator: timed,/'
wrong "core 'a' has a clock of 1000 MHz, the system 1000.0000001 MHz" "a clock that is another one by a tenth of a Hz" -e 's/^System "ok" {/&\n  Clock: 1000000000.1 Hz/' -e 's/Accelerator: small,/Accelerator: timed,/'
wrong "core 'b' has a clock of 500 MHz, the core before it 1000 MHz" "two clocks" -e 's/Accelerator: small.hw,/Accelerator: slow,/'
wrong "needs" "no room" -e "s/Y' 4/Y' 1/" -e 's/K: 16, C: 8/K: 16, C: 800/'
wrong "no core that layer 'one' is allocated to can run it" "a dataflow that cannot map" -e '/^Split/a Allocate { one: a }' -e 's/SpatialMap(1,1) K;/SpatialMap(1,2) K;/'
wrong "a second System; a run has one" "two systems" -e 's/^Split/System { Core x { Accelerator: small, Dataflow: map } OffChip { Bandwidth: 1 bit\/cycle } }\n&/'

for file in net.m small.hw; do
    dcc-sched --model net.m --system ok.hw --replay $file >out 2>log
    [ $? = 1 ] && grep -qF "$file:1:1: error: no Allocate or Split in this file" log
    report $? "$file is nothing to replay"
done

usage() { # MESSAGE WHAT ARGUMENT...
    dcc-sched "${@:3}" >out 2>log
    [ $? = 2 ] && grep -qF -e "$1" log
    report $? "$2"
}
usage "no network: give --model" "no model" --system ok.hw
usage "no system: give --system" "no system" --model net.m
usage "there are latency, energy and edp; did you mean 'energy'?" "an objective that is none" --model net.m --system ok.hw --objective energie
usage "there are latency, memory, ready and any" "a priority that is none" --model net.m --system ok.hw --priority first
usage "--batch 0: wants 1 to 1000" "no images" --model net.m --system ok.hw --batch 0
usage "--gap x: wants a part" "a gap that is none" --model net.m --system ok.hw --gap x
usage "two of --output, --json, --trace and --html go to standard output" "two outputs in one" --model net.m --system ok.hw --json - --trace -
usage "ok.hw" "an output over an input" --model net.m --system ok.hw --json ok.hw
usage "net.m: files are given as --model" "a file without its option" net.m

# --- many nodes ---

cat >many.m <<'END'
Network "many" { Layer one { Type: CONV, Dimensions { K: 8, C: 8, Y: 80000, X: 8, R: 3, S: 3 } } }
Dataflow "by filters" { SpatialMap(1,1) K; TemporalMap(4,4) C; }
Allocate { one: a }
Split { one: Y' 39999 }
END
timeout 20 dcc-sched --model many.m --system bare.hw --priority latency >out 2>log && grep -q '^many on ok: 1 layers, 39999 nodes' out
report $? "time and memory are not the square of the nodes"

# --- ResNet-18 ---

read -r python <"$BUILD/dcc-onnx"
peer=$SRCDIR/../shared/peers/zigzag/resnet18.onnx
if [ -e "$peer" ] && ${python#"#!"} -c 'import onnx' 2>/dev/null; then
    dcc-onnx "$peer" >resnet.m 2>log && { cat resnet.m; echo "Split { *: Y' all }"; } >fused.m
    dcc-sched --model resnet.m --system quad.hw --moves 200 --json layers.json >out 2>log
    report $? "ResNet-18 layer by layer"
    dcc-sched --model fused.m --system quad.hw --moves 200 --threads 1 --json fused.json >out 2>log
    report $? "ResNet-18 fused"
    figures 'run["bound"] <= run["latency_cycles"] and run["latency_cycles"] < other["latency_cycles"] and len(run["nodes"]) == 849' fused.json layers.json
    report $? "fused is faster, and not below its bound"
    dcc-sched --model fused.m --system quad.hw --moves 200 --threads 3 --json again.json >out 2>log && cmp fused.json again.json >>log
    report $? "annealing does not depend on threads"
    dcc-sched --model fused.m --system quad.hw --moves 200 --seed 2 --json seed.json >out 2>log
    report $? "another seed"
else
    echo "ok $((n = n + 1)) - ResNet-18 # SKIP its ONNX file, or python3-onnx, is not here"
fi
# --- cores that cannot run a layer ---

cat >two.m <<'END'
Network "two" { Layer A { Type: CONV; Dimensions { K: 2, C: 2, Y: 6, X: 6, R: 3, S: 3 } }
  Layer B { Type: CONV; From: A; Dimensions { K: 2, C: 2, Y: 4, X: 4, R: 3, S: 3 } } }
END
echo 'Accelerator "four" { PEs: 4 Clock: 1 GHz Technology: "relative" Buffer L2 { Capacity: 400 B } NoC 0 { Bandwidth: 2 } }' >four.hw
cat >two.hw <<'END'
System "s" { Clock: 1 GHz
  Core c0 { Accelerator: "four.hw", Dataflow: "yr-p.m" }  Core c1 { Accelerator: "four.hw", Dataflow: "kc-p.m" }
  Link b { Connects: all, OffChip; Bandwidth: 16 bit/cycle }
  OffChip { Bandwidth: 64 bit/cycle, Read: 100 pJ, Write: 150 pJ, Width: 64 bit } }
END
dcc-sched --model two.m --system two.hw --json two.json >out 2>log && dcc-sched --model two.m --system two.hw >out 2>>log &&
    grep -q '^  allocation is the only one that can run$' out &&
    grep -q '^  left out  c1: the clusters need 64 PEs, there are 4 (A, B)$' out &&
    figures '[(r["layer"], r["core"]) for r in run["left_out"]] == [("A", "c1"), ("B", "c1")]' two.json
report $? "a core that cannot run any layer is named"
lab 1 >out 2>log && grep -q '^  allocation is fixed$' out && ! grep -q 'left out' out && figures 'run["left_out"] == []' lab1.json
report $? "and none is where all are fixed"

# --- a link in bytes a second, by a clock that is not of whole hertz ---

echo 'Accelerator "slow" { PEs: 16 Buffer L1 { Capacity: 1 KiB } Buffer L2 { Capacity: 64 KiB } }' >slow.hw
cat >slow.m <<'END'
Dataflow "by-k" { SpatialMap(1,1) K; TemporalMap(1,1) C; }
Network "n" { Layer A { Type: CONV Dimensions { K: 8, C: 8, R: 1, S: 1, Y: 4, X: 4 } } }
END
for rate in '3 B/s' '16 bit/cycle'; do
    echo "System s { Clock: 1.5 Hz; Core c0 { Accelerator: \"slow.hw\", Dataflow: \"by-k\" }
        Link bus { Connects: all, OffChip; Bandwidth: $rate }
        OffChip { Bandwidth: 64 bit/cycle, Read: 1 pJ, Write: 1 pJ, Width: 64 bit } }" >"slow-${rate%% *}.hw"
    dcc-sched --model slow.m --system "slow-${rate%% *}.hw" --json "slow-${rate%% *}.json" >out 2>log || break
done
figures 'run["latency_cycles"] == json.load(open("slow-16.json"))["latency_cycles"]' slow-3.json
report $? "3 B/s at 1.5 Hz are 16 bits in a cycle"

echo "1..$n"
