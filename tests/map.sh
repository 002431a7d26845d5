#!/bin/bash
# dcc-map as a user runs it: what it writes against dcc, threads, what it begins with, holes, ends of a
# search, messages, pipes.
set -u

cd "$TMPDIR" || exit 1
PATH=$BUILD:$PATH
export DCC_PATH=$SRCDIR/dataflows:$SRCDIR/models:$SRCDIR/hardware

source "$SRCDIR/tests/tap"

# same_figures MAP DCC: the layers and totals of both, which differ in no byte
same_figures() {
    python3 - "$@" <<'END'
import json, sys

found, again = (json.load(open(name)) for name in sys.argv[1:])
best = [layer["best"] for layer in found["layers"]]
if best != again["layers"] or found["total"] != again["total"]:
    for one, other in zip(best, again["layers"]):
        for key in one:
            if one[key] != other.get(key):
                print(one["name"], key, one[key], other.get(key))
    sys.exit(1)
END
}

# figures EXPRESSION FILE [OTHER]: of the JSON of a search, as `run`, and of another one
figures() {
    python3 -c 'import json, sys
run, other = (json.load(open(name)) for name in (sys.argv[2], sys.argv[-1]))
sys.exit(not eval("(" + sys.argv[1] + ")"))' "$@"
}

# round_trip WHAT HARDWARE ARGUMENT...: dcc has the same figures for what is written
round_trip() {
    local what=$1 hw=$2
    shift 2
    dcc-map --hw "$hw" "$@" -o found.m --json found.json >out 2>log &&
        dcc found.m --hw "$hw" --json again.json >out 2>>log && same_figures found.json again.json >>log
    report $? "dcc has the same figures: $what"
}

round_trip "a convolution" eyeriss.hw --model alexnet.m --layer CONV3 --sizes divisors
round_trip "a network, energy" paper256.hw --model alexnet.m --objective energy --sizes divisors
round_trip "strides, groups" eyeriss.hw --model mobilenetv2.m --sizes divisors --time 2s
round_trip "a transposed convolution" paper256.hw --model dcgan.m --sizes divisors --time 2s
round_trip "recurrent layers, a constant" paper256.hw --model lstm.m -D Batch=4 --sizes divisors --time 2s
round_trip "matrices on a hierarchy" ff-gemmini.hw --model bert-base.m --sizes divisors --time 2s
round_trip "convolutions on a hierarchy" tl-simba-like.hw --model resnet18.m --layer 'CONV2*' --sizes divisors --time 2s
round_trip "no energies" nvdla-large.hw --model alexnet.m --sizes divisors --gap 1%

cat >own.m <<'END'
Constant Wide 12;
Operator MTTKRP {
  Output D[I][J]; Input A[I][K][L]; Input B[K][J]; Input C[L][J];
}
Operator SLIDE { Window Y[Y'][R]; Weight F[R]; Input X[Y]; Output Z[Y']; }
Network "of one's own" {
  Layer "first one" {
    Type: MTTKRP
    Dimensions { I: Wide, J: 8, K: 6, L: 5 }
    Density { A: 1/3, B: 0.7 }
    Count: 3
  }
  Layer second { Type: SLIDE, Stride { Y: 2 }, Dilation { Y: 3 }, Dimensions { Y': 20, R: 3 } }
  Layer second { Type: SLIDE, Stride { Y: 2 }, Dilation { Y: 3 }, Dimensions { Y': 20, R: 3 } }
  Layer other { Type: TRCONV, Stride { Y: 3, X: 2 }, Density { I: 0.3 }
    Dimensions { K: 4, C: 3, R: 3, S: 3, Y: 5, X: 6 } }
}
END
round_trip "operators, densities and names of one's own" paper256.hw --model own.m -W no-duplicate-layer
grep -q '^// Found by dcc-map ' found.m && grep -q '^// over all dataflows' found.m && grep -q '^  // edp .* bound .* gap ' found.m
report $? "comments say objective, bound, gap and space"
figures 'run["layers"][2]["as"] == "second" and run["layers"][2]["best"]["name"] == "second#2"' found.json
report $? "layers of one shape are searched once"
dcc --format found.m >formatted.m 2>log && dcc formatted.m --hw paper256.hw >out 2>log
report $? "what is written can be brought into canonical form"

# --- the answer ---

layer=(--model vgg16.m --layer CONV11 --hw paper256.hw --sizes divisors)
for threads in 1 2 4; do
    dcc-map "${layer[@]}" --threads "$threads" -o "of$threads.m" --json "of$threads.json" >out 2>log
done
cmp of1.m of2.m >log && cmp of1.m of4.m >log
report $? "the same answer for 1, 2 and 4 threads"
figures 'run["layers"][0]["optimal"] and run["layers"][0]["gap"] == 0 and run["search"]["optimal"]' of1.json
report $? "the search proves it"
dcc c-p.m x-p.m yx-p.m yr-p.m kc-p.m rs.m --model vgg16.m --layer CONV11 --hw paper256.hw --optimize edp --json best.json >out 2>log
python3 - <<'END' 2>log
import json
found, best = json.load(open("of1.json")), json.load(open("best.json"))
assert found["layers"][0]["value"] <= min(run["layers"][0]["edp"] for run in best["runs"])
assert found["layers"][0]["reference"]["edp"] <= min(run["layers"][0]["edp"] for run in best["runs"])
END
report $? "it is never worse than what is shipped"
dcc-map --from of1.m "${layer[@]}" --spatial 1 --json from.json >out 2>log &&
    figures 'run["layers"][0]["best"]["edp"] <= json.load(open("of1.json"))["layers"][0]["best"]["edp"]' from.json
report $? "it is never worse than what it begins from"
for objective in energy runtime edp; do # time alone is proven to a tenth of a percent
    gap=0
    [ $objective != runtime ] || gap=0.1%
    dcc-map "${layer[@]}" --objective $objective --gap $gap --json $objective.json >out 2>log
done
python3 - <<'END' 2>log
import json
best = {o: json.load(open(o + ".json"))["layers"][0]["best"] for o in ("energy", "runtime", "edp")}
assert best["energy"]["energy_pj"]["total"] == min(b["energy_pj"]["total"] for b in best.values())
assert best["runtime"]["cycles"] <= 1.001 * min(b["cycles"] for b in best.values())
assert best["edp"]["edp"] == min(b["edp"] for b in best.values())
END
report $? "each objective has the least of its own"
dcc-map --model alexnet.m --hw eyeriss.hw --sizes divisors --json total.json >out 2>log
python3 - <<'END' 2>log
import json, math
run = json.load(open("total.json"))
roots = sum(l["best"]["count"] * math.sqrt(l["bound"]) for l in run["layers"])
search = run["search"]
assert math.isclose(search["bound"], roots ** 2, rel_tol=1e-9)
assert math.isclose(search["value"], run["total"]["edp"], rel_tol=1e-9)
assert search["bound"] <= search["value"] <= search["reference"]
assert math.isclose(search["gap"], search["value"] / search["bound"] - 1, rel_tol=1e-6)
END
report $? "the bound of a network's product"
dcc-map --one --model vgg16.m --hw eyeriss.hw --layer CONV8 --layer CONV11 --sizes divisors --json one.json >out 2>log &&
    figures 'len({l["dataflow"] for l in run["layers"]}) == 1 and all(l["bound"] <= l["value"] for l in run["layers"])' one.json
report $? "--one: the same dataflow for all"
dcc-map "${layer[@]}" --gap 20% --json gap.json >out 2>log &&
    figures 'run["layers"][0]["gap"] <= 0.2000001 and run["layers"][0]["bound"] <= json.load(open("of1.json"))["layers"][0]["value"]' gap.json
report $? "--gap: content with less, and the bound holds"

# --- holes, and none ---

cat >holes.m <<'END'
Dataflow "rows" {
  SpatialMap(1,1) K;
  TemporalMap(? >= 16 and <= 32,?) C;
  Any over Y', X';
  Cluster(? in {4, 16});
  SpatialMap(1,1) C;
}
END
dcc-map holes.m "${layer[@]}" --json holes.json -o holes-found.m >out 2>log &&
    grep -q 'SpatialMap(1,1) K' holes-found.m && grep -qE 'Cluster\((4|16)\)' holes-found.m
report $? "what is written is fixed"
figures 'run["layers"][0]["best"]["edp"] >= json.load(open("of1.json"))["layers"][0]["best"]["edp"]' holes.json
report $? "less is open, nothing is better"
dcc-map kc-p.m "${layer[@]}" --json as-it-is.json >out 2>log && dcc kc-p.m --model vgg16.m --layer CONV11 --hw paper256.hw --json kc-p.json >out 2>log
figures 'run["layers"][0]["best"] == json.load(open("kc-p.json"))["layers"][0]' as-it-is.json
report $? "a dataflow without holes is evaluated"
dcc-map --replay kc-p.m "${layer[@]}" --json replay.json >out 2>log && grep -q '^  this dataflow costs [0-9.]*x of the best found, at most [0-9.]*x of the least$' out &&
    figures 'run["layers"][0]["given"] and run["layers"][0]["reference"]["edp"] == json.load(open("kc-p.json"))["layers"][0]["edp"]' replay.json
report $? "--replay: how far from the least"
dcc-map --replay of1.m --hw paper256.hw --sizes divisors >out 2>log && grep -q '^  this dataflow costs 1x of the best found, at most 1x of the least$' out
report $? "--replay: what was found is the best"
# What a layer brings along says nothing of another file: neither of what it leaves open, nor of what is compared.
cat >own.m <<'END'
Network "n" { Layer L { Type: GEMM Dimensions { M: 64, N: 64, K: 64 }
    Dataflow "own" { SpatialMap(1,1) M; TemporalMap(64,64) N; TemporalMap(1,1) K; } } }
END
echo 'Dataflow "open" for GEMM { TemporalMap(?,?) M; SpatialMap(1,1) N; Any over K; }' >leaves.m
brings=(--model own.m --hw paper256.hw --set pes=16 --objective runtime --sizes divisors)
dcc-map leaves.m "${brings[@]}" --json open.json >out 2>log && figures 'run["layers"][0]["end"] == "itself" and
    "SpatialMap(1,1) N" in run["layers"][0]["dataflow"]' open.json &&
    dcc-map own.m --hw paper256.hw --set pes=16 --objective runtime --json own.json >out 2>>log &&
    figures 'run["layers"][0]["end"] == "none" and run["layers"][0]["best"]["dataflow"] == "own"' own.json
report $? "a file says what is open, whatever layers bring along"
dcc-map --replay os-gemm.m "${brings[@]}" --set pes=64 --json replay.json >out 2>log &&
    figures 'run["layers"][0]["given"] and run["layers"][0]["reference"]["dataflow"] == "os-gemm.m"' replay.json &&
    dcc-map --replay os-gemm.m "${brings[@]}" --json replay.json >out 2>log &&
    grep -q 'warning: os-gemm.m cannot be compared: the clusters need 32 PEs' log &&
    figures 'not run["layers"][0]["given"]' replay.json
report $? "--replay: the file is compared, not what layers bring along"
dcc holes.m --model vgg16.m --layer CONV11 --hw paper256.hw >out 2>log
[ $? -eq 1 ] && grep -q '\[open\]' log
report $? "dcc refuses what has holes"

# --- ends ---

began=$(date +%s%N)
dcc-map --model resnet50.m --hw ff-simba.hw --time 1s --json time.json >out 2>log
status=$?
took=$((($(date +%s%N) - began) / 1000000))
echo "$took ms" >>log
[ $status -eq 0 ] && { [ "$SAN" = 1 ] || [ $took -lt 4000 ]; } && grep -q -- 'when --time ended the search' out &&
    figures 'any(l["end"] == "time" for l in run["layers"])' time.json
report $? "--time ends the search and is said to have"
dcc-map --model vgg16.m --layer CONV2 --hw eyeriss.hw --moves 20000 --threads 1 --json moves.json >out 2>log &&
    grep -q -- 'when --moves ended the search' out && figures 'run["layers"][0]["bound"] <= run["layers"][0]["value"]' moves.json
report $? "--moves ends the search"
# a chip with six memories: over a million skeletons, of which some are looked into before all are
# there; what waits takes little room
([ "$SAN" = 1 ] || ulimit -v 400000
    dcc-map --model vgg16.m --layer CONV2 --hw ff-simba.hw --objective edp --moves 100000 --threads 1 --json large.json) >out 2>log &&
    figures 'run["layers"][0]["value"] < 1e-4 and run["layers"][0]["skeletons"] > 30000' large.json
report $? "a large space has something to show soon, in little memory"
dcc-map --model vgg16.m --hw eyeriss.hw --spatial 3 --sizes all --json stop.json >out 2>log &
sleep 1
kill -INT $!
wait $! && grep -q 'interrupted' out && figures 'len(run["layers"]) == 16 and all(l["best"] for l in run["layers"])' stop.json
report $? "a signal ends it with what there is"

# --- more than one answer, other objectives ---

fits=(--set l1.capacity=1KiB --set l2.capacity=256KiB --set offchip.bandwidth=16GB/s)
small=(--model small.m --hw paper256.hw "${fits[@]}")
echo 'Network small { Layer L { Type: GEMM Dimensions { M: 8, N: 12, K: 6 } } }' >small.m

dcc-map "${layer[@]}" "${fits[@]}" --sizes divisors --top 4 --json top.json >out 2>log &&
    grep -q '^  the best:$' out && figures '
        len(run["layers"][0]["top"]) == 4 and
        run["layers"][0]["top"][0]["value"] == run["layers"][0]["value"] and
        sorted(t["value"] for t in run["layers"][0]["top"]) == [t["value"] for t in run["layers"][0]["top"]] and
        len({t["dataflow"] for t in run["layers"][0]["top"]}) == 4' top.json
report $? "--top 4: the best, in order"
dcc-map "${layer[@]}" "${fits[@]}" --sizes divisors --objective energy,runtime --gap 5% --front front.csv --json front.json >out 2>log &&
    head -n 1 front.csv | grep -q '^layer,energy_pj,cycles,' && figures '
        all(a["energy_pj"] < b["energy_pj"] and a["cycles"] > b["cycles"]
            for a, b in zip(run["layers"][0]["front"], run["layers"][0]["front"][1:])) and
        run["layers"][0]["front"]' front.json
report $? "a front: more energy, less time"
dcc-map "${layer[@]}" "${fits[@]}" --sizes divisors --require 'l1.required_bytes <= 100' --require 'utilization>=0.5' --json require.json >out 2>log &&
    figures 'run["layers"][0]["best"]["l1"]["required_bytes"] <= 100 and run["layers"][0]["best"]["utilization"] >= 0.5' require.json
report $? "--require"
dcc-map "${small[@]}" --sizes divisors --require 'cycles <= 1' --json never.json >out 2>log
[ $? -eq 1 ] && grep -q 'nothing found: none of the dataflows that fit and were looked at has cycles <= 1; the nearest has [0-9]*$' log &&
    figures '"memories" not in run["layers"][0]["why"]' never.json
report $? "--require: what no dataflow meets"
dcc-map "${small[@]}" --sizes divisors --require 'cycles > 300' --require 'cycles < 300' >out 2>log
[ $? -eq 1 ] && grep -q 'none of the dataflows that fit and were looked at has all that is required: cycles > 300, cycles < 300$' log
report $? "--require: what no dataflow meets together"
dcc-map "${small[@]}" --objective l2_accesses --sizes divisors --json metric.json >out 2>log &&
    figures 'run["layers"][0]["optimal"] and run["search"]["objective"] == "l2_accesses"' metric.json
report $? "any metric as the objective"

# --- checkpoints ---

dcc-map "${layer[@]}" "${fits[@]}" --json whole.json >out 2>log
dcc-map "${layer[@]}" "${fits[@]}" --moves 300 --threads 1 --checkpoint map.check >out 2>log &&
    dcc-map "${layer[@]}" "${fits[@]}" --resume map.check --json resumed.json >out 2>log &&
    figures 'run["layers"][0]["value"] == other["layers"][0]["value"] and run["layers"][0]["optimal"]' resumed.json whole.json
report $? "--resume goes on to the same answer"
dcc-map "${layer[@]}" "${fits[@]}" --resume map.check --time 1ms --json again.json >out 2>log &&
    figures 'run["layers"][0]["value"] == other["layers"][0]["value"] and run["layers"][0]["optimal"]' again.json whole.json
report $? "what has ended is not searched again"

# What takes as long as the least is looked at too, for what takes less energy; a search that ends there
# has proven its answer, and says what it left.
echo 'Network "ties" { Layer A { Type: GEMM, Dimensions { M: 202, N: 10, K: 71 } } }' >ties.m
equal=(--model ties.m --hw paper256.hw --objective runtime --threads 1)
left='  optimal: nothing in the space costs less; not all that costs as much was looked at'
dcc-map "${equal[@]}" --json all.json >out 2>log && figures 'run["layers"][0]["ties"] is False' all.json &&
    grep -qx '  optimal: nothing in the space costs less' out &&
    for moves in {4..20}000; do
        dcc-map "${equal[@]}" --moves "$moves" --checkpoint ties.check --json some.json >out 2>>log || break
        ! grep -qx "$left" out || break
    done &&
    figures 'run["layers"][0]["ties"] and run["layers"][0]["value"] == other["layers"][0]["value"]' some.json all.json &&
    dcc-map "${equal[@]}" --resume ties.check --json again.json >out 2>>log && grep -qx "$left" out &&
    figures 'run["layers"][0]["ties"]' again.json
report $? "says where not all that is as good was looked at"

# A run that is killed before its first search ends leaves what there was.
long=(--model vgg16.m --layer CONV2 --hw eyeriss.hw --threads 1)
killed() { # killed OPTION: the run is ended before its first search is
    dcc-map "${long[@]}" "$1" >out 2>log &
    for _ in $(seq 100); do
        sleep 0.05
        [ -z "$(find . -newer mark -name long.check)" ] || break
    done
    kill -9 $! && wait $! 2>>log
}
ends() { python3 -c 'import json; print([s and s["end"] for s in json.load(open("long.check"))["searches"]])' 2>>log; }
touch mark && killed --checkpoint=long.check 2>>log
[ "$(ends)" = "[None]" ]
report $? "a checkpoint is there from the begin on"
dcc-map "${long[@]}" --moves 300 --checkpoint long.check >out 2>log
touch mark && killed --resume=long.check 2>>log
[ "$(ends)" = "[3]" ]
report $? "a search that had not ended is not taken for one that has"

# --- one dataflow for all ---

cat >two.hw <<'END'
Accelerator "two" { Clock: 1 GHz Precision: 8 bit Hierarchy {
  Memory DRAM { Read: 38 pJ, Write: 50 pJ, Width: 8 bit }
  Memory GLB { Capacity: 64 B, Read: 6 pJ, Write: 6 pJ, Width: 8 bit }
  Memory RF { Capacity: 8 B, Read: 1 pJ, Write: 1 pJ, Width: 8 bit }
  MAC { Energy: 1 pJ } } }
END
cat >three.m <<'END'
Network "n" {
  Layer A { Type: GEMM, Dimensions { M: 6, N: 4, K: 3 } }
  Layer B { Type: GEMM, Dimensions { M: 12, N: 2, K: 8 } }
  Layer C { Type: GEMM, Dimensions { M: 1, N: 16, K: 5 } }
}
END
three=(--model three.m --hw two.hw --objective energy --sizes divisors --spatial 1)
dcc-map --one "${three[@]}" >out 2>log && grep -q 'no dataflow that was found for a layer of type GEMM fits all of them: each has its own \[apart\]' log
report $? "none fits all layers"
dcc-map --one "${three[@]}" --layer A >out 2>log && ! grep -q apart log
report $? "one layer fits itself"

# --- nothing that fits ---

dcc-map "${layer[@]}" --set l1.capacity=2B --set l2.capacity=1MiB --json none.json >out 2>log
[ $? -eq 1 ] && grep -qx 'dcc-map: CONV11: nothing found: with the smallest tiles layer CONV11 needs [0-9]* bytes of L1, [0-9]* more than the 2 there are' log &&
    figures 'run["layers"][0]["best"] is None and run["layers"][0]["why"] and run["search"]["missing"] == 1' none.json
report $? "nothing fits: what stands in the way"
timeout 20 dcc-map --model vgg16.m --hw ff-simba.hw --layer CONV2 --require 'utilization>=2' --time 100ms --threads 1 >out 2>log
[ $? -eq 1 ] && grep -q 'CONV2: nothing found: the search ended before it found one' log
report $? "why nothing was found does not take long either"
dcc-map kc-p.m "${layer[@]}" --set l1.capacity=30B >out 2>log
[ $? -eq 1 ] && grep -q 'nothing found: layer CONV11 needs 38 bytes of L1, 8 more than the 30 there are' log
report $? "a dataflow without holes that does not fit"
dcc-map "${layer[@]}" >out 2>log && grep -q 'no capacity is given of L1, L2: .*\[endless\]' log
report $? "a memory without capacity is warned of"
dcc-map "${layer[@]}" --set l1.capacity=1KiB --set l2.capacity=1MiB >out 2>log && [ ! -s log ]
report $? "else nothing is said, in a pipe"

# --- forms ---

dcc-map "${layer[@]}" -W no-endless --json - >out 2>log && python3 -m json.tool out >/dev/null 2>>log && [ ! -s log ]
report $? "--json -"
dcc-map "${layer[@]}" --html page.html >out 2>log && grep -q 'How far from the least: edp over all' page.html && grep -q '<svg' page.html
report $? "--html"
# Edges among the layers that are written stay.
cat >edges.m <<'END'
Network "edges" {
  Layer a { Type: GEMM Dimensions { M: 4, N: 4, K: 4 } }
  Layer b-1 { Type: GEMM From: a; Dimensions { M: 4, N: 4, K: 4 } }
  Layer c { Type: MATMUL From { A: a, b-1; B: "b-1" } Dimensions { M: 8, N: 4, K: 4 } }
}
END
dcc-map --model edges.m --hw paper256.hw -o edges-all.m >out 2>log && dcc edges-all.m --hw paper256.hw >out 2>>log &&
    grep From edges-all.m >>log && [ "$(grep -c '^    From: "a"$' edges-all.m)" = 1 ] &&
    grep -qx '    From { A: "a", "b-1"; B: "b-1" }' edges-all.m
report $? "-o keeps the edges"
dcc-map --model edges.m --hw paper256.hw --layer a --layer c -o edges-two.m >out 2>log && dcc edges-two.m --hw paper256.hw >out 2>>log &&
    grep -qx '    From { A: "a" }' edges-two.m
report $? "-o keeps the edges among the layers that are there"

dcc-map "${layer[@]}" -o - >out 2>log && dcc - --hw paper256.hw <out >log 2>&1
report $? "-o -: into a pipe"

# says STATUS MESSAGE ARGUMENT...: the message, on standard error
says() {
    local status=$1 message=$2
    shift 2
    dcc-map "$@" >out 2>log
    [ $? -eq "$status" ] && grep -qF -- "$message" log
    report $? "$message"
}

# --- what a space has ---

cat >small.m <<'END'
Network "small" { Layer L { Type: GEMM, Dimensions { M: 3, N: 7, K: 4 } } }
END
cat >places.hw <<'END'
Accelerator "places" { Hierarchy {
  Memory DRAM { Bandwidth: 1, Latency: 5, Read: 150 pJ, Write: 50 pJ }
  Memory G0 { Capacity: 55 B, Bandwidth: 3/2, Read: 10 pJ, Write: 10 pJ }
  MAC { Energy: 0.5 pJ }
} }
END
small=(--model small.m --hw places.hw --sizes all)
dcc-map "${small[@]}" --json one.json >out 2>log && dcc-map "${small[@]}" --places 2 --json two.json >out 2>>log &&
    figures 'run["layers"][0]["optimal"] and run["layers"][0]["value"] < 0.8 * other["layers"][0]["value"] and
             "2 places for a memory" in run["layers"][0]["space"]' two.json one.json
report $? "--places: each tensor comes in at a place of its own"
says 2 "--places 4: wants 1 to 3" "${small[@]}" --places 4
dcc-map "${small[@]}" --objective energy >out 2>log && ! grep -q part-unknown log
report $? "the energy is that of the hierarchy, whatever classic dataflows lack"
# The first dim of the operator is listed, behind it nothing is.
cat >listed.m <<'END'
Network "listed" { Layer L { Type: CONV, Dimensions { N: 2, K: 1, C: 3, Y': 5, X': 1, R: 2, S: 3 } } }
END
cat >listed.hw <<'END'
Accelerator "listed" { PEs: 3, Technology: "relative", Buffer L1 { Capacity: 38 B }, Buffer L2 { Capacity: 69 B },
  NoC 0 { Bandwidth: 0.5, Latency: 1 }, OffChip { Bandwidth: 5 B/cycle } }
END
echo "Dataflow { Any ordered N, Y', S; }" >any.m
echo "Dataflow { TemporalMap(1,1) N; TemporalMap(1,1) Y'; SpatialMap(1,1) S; }" >as-listed.m
dcc-map any.m --model listed.m --hw listed.hw --sizes all --json any.json >out 2>log &&
    dcc-map as-listed.m --model listed.m --hw listed.hw --json as-listed.json >out 2>>log &&
    figures 'run["layers"][0]["optimal"] and run["layers"][0]["value"] <= other["layers"][0]["value"]' any.json as-listed.json
report $? "Any ordered: not worse than a dataflow in that order"
cat >part.hw <<'END'
Accelerator "part" { PEs: 8, Technology: "relative", Buffer L1 { Capacity: 64 B }, Buffer L2 { Capacity: 1 KiB },
  Buffer 1 { Capacity: 39 B } }
END
dcc-map --model small.m --hw part.hw >out 2>log && grep -q 'no figure is given for the energy of buffer: .*\[part-unknown\]' log &&
    dcc-map --model small.m --hw part.hw --objective runtime >out 2>log && ! grep -q part-unknown log
report $? "a part whose energy has no figure is said to be left out"

# --- mistakes ---

says 2 "--time 3: wants a time above 0, such as 10s, 500ms or 2min" "${layer[@]}" --time 3
says 2 "--time -1s: wants a time" "${layer[@]}" --time=-1s
says 2 "--gap x: wants a part" "${layer[@]}" --gap x
says 2 "--gap -1: wants a part" "${layer[@]}" --gap=-1
says 2 "--sizes divisor: there are divisors, canonical and all; did you mean 'divisors'?" --sizes divisor "${layer[@]:0:6}"
says 2 "--spatial 4: wants 1 to 3" "${layer[@]}" --spatial 4
says 2 "--moves -1: wants 1 or more" "${layer[@]}" --moves=-1
says 2 "--objective: no objective 'speed'; there are runtime, energy, edp" "${layer[@]}" --objective speed
echo 'Accelerator "bare" { PEs: 256 }' >bare.hw
says 2 "--objective edp: the energy is not known: no figure is given for any part, for want of a technology" \
    --model alexnet.m --layer CONV3 --hw bare.hw --objective edp
cat >long.m <<'END'
Network "long" { Layer L { Type: GEMM, Dimensions { M: 2147483647, N: 65536, K: 3 } } }
END
says 1 "M has 2147483647 indices, and all sizes are tried of up to 65536" --model long.m --hw paper256.hw --sizes all
dcc-dse --map --model long.m --hw paper256.hw --sweep pes=16,32 --map-sizes all >out 2>log
[ $? -eq 2 ] && grep -q -- '--map-sizes all: M of layer L has 2147483647' log
report $? "all sizes of a long dim: no sweep"
says 2 "no figure is given for off-chip" --model alexnet.m --layer CONV3 --hw tpu-v1.hw --objective energy
echo 'Dataflow "open" { SpatialMap(1,1) K; Any; }' >open.m
{ echo 'Dataflow "open" { TemporalMap(?,1) C; SpatialMap(1,1) K; }' && cat "$SRCDIR/models/alexnet.m"; } >opennet.m
for option in --replay --from; do
    for file in open.m opennet.m; do
        says 2 "$file has a dataflow with holes; one without is wanted here" "${layer[@]}" $option $file
    done
done
says 2 "opennet.m has a dataflow with holes; one without is wanted here" --replay opennet.m --hw paper256.hw
says 2 "--require: no metric 'speed'" "${layer[@]}" --require 'speed > 1'
says 2 "--require utilization: wants METRIC RELATION NUMBER" "${layer[@]}" --require utilization
says 2 "--top 65: wants 1 to 64" "${layer[@]}" --top 65
says 2 "--front goes with --objective energy,runtime" "${layer[@]}" --objective edp --front x.csv
says 2 "--checkpoint is a file" "${layer[@]}" --checkpoint -
says 2 "is not a checkpoint of this search; it is kept" "${layer[@]}" "${fits[@]}" --checkpoint whole.json
says 2 "is the checkpoint of another search, or of other files" "${layer[@]}" "${fits[@]}" --sizes canonical --resume map.check
sed 's/"end":0/"end":1/' map.check >cut.check
says 2 "is not a whole checkpoint of dcc-map" "${layer[@]}" "${fits[@]}" --resume cut.check
says 2 "no network: give --model FILE, or a file with a Network" --hw paper256.hw
says 2 "no file 'none.m'" --from none.m "${layer[@]}"
says 2 "alexnet.m" --from alexnet.m --replay none.m "${layer[@]}" -o alexnet.m
echo 'Dataflow { SpatialMap(1,1) K; ' >broken.m
says 2 "broken.m has mistakes; dcc tells them" --from broken.m "${layer[@]}"
says 2 "2 of --json, --html, --front and -o go to standard output" "${layer[@]}" --json - --html -
says 2 "cannot write /dev/full: No space left on device" "${layer[@]}" -o /dev/full
says 2 "holes.m" holes.m "${layer[@]}" -o holes.m
says 2 "of1.m" --from of1.m "${layer[@]}" -o of1.m
says 2 "Unknown option --objectiv; did you mean '--objective'?" --objectiv edp
says 2 "no objective 'edpp'; there are runtime, energy, edp; and the metrics of dcc --list metrics" "${layer[@]}" --objective edpp
for option in '--objective l2_accesses' '--require l2_accesses<5'; do
    says 2 "${option%%[< ]*} l2_accesses: a machine with a hierarchy of memories has no such figure" "${three[@]}" "${option/ /=}"
done
echo 'Dataflow for GEMM { TemporalMap(?,?) M; SpatialMap(1,1) N; }' >gemm.m
says 1 "[no-dataflow]" gemm.m "${layer[@]}"
# --- a dataflow without a map ---

echo 'Accelerator "one" { PEs: 1 Clock: 1 GHz Technology: "relative" }' >lone.hw
dcc-map --model small.m --hw lone.hw --objective energy -o lone.m --json lone.json -W no-endless >out 2>log &&
    dcc lone.m --hw lone.hw --json again.json >out 2>>log && grep -q 'TemporalMap(1,1) B;' lone.m && [ "$(grep -c Map lone.m)" -eq 1 ] &&
    figures 'run["layers"][0]["best"] == json.load(open("again.json"))["layers"][0]' lone.json
report $? "what is written has the same figures, all of them"

# --- children without work ---

echo 'Network n { Layer L { Type: CONV Dimensions { K: 3, C: 1, Y: 4, X: 7, R: 1, S: 1 } } }' >point.m
echo 'Accelerator "six" { PEs: 6 Clock: 1 GHz Technology: "relative" Buffer L1 { Capacity: 1 KiB } Buffer L2 { Capacity: 4 KiB } }' >six.hw
while read -r dim maps; do
    echo "Dataflow t { $maps; }" >idle.m
    dcc-map idle.m --model point.m --hw six.hw --json idle.json >out 2>log &&
        figures '"SpatialMap(1,1) '"$dim"';" in run["layers"][0]["dataflow"]' idle.json
    report $? "what leaves children idle is open there: $maps"
done <<'END'
R Any over R, S
S Any over S
C Any over S, C
R TemporalMap(?,?) K; SpatialMap(?,?) ? in {S, R}
END

# --- a hierarchy that a dataflow takes in the classic form ---

cat >shape.hw <<'END'
Accelerator "shape" { Clock: 1 GHz Technology: "28nm" Hierarchy {
  Memory DRAM { Bandwidth: 2 Latency: 7 } Memory GLB { Capacity: 64 KiB Read: 3 pJ Write: 3 pJ } Fanout PE 16 { Bandwidth: 2 }
  Memory RF { Capacity: 256 B } MAC { } } }
END
echo 'Network n { Layer L { Type: CONV Dimensions { K: 4, C: 4, Y: 6, X: 6, R: 3, S: 3 } } }' >shape.m
echo 'Dataflow c { SpatialMap(1,1) K; TemporalMap(1,1) C; }' >classic.m
dcc classic.m --model shape.m --hw shape.hw 2>&1 >/dev/null | grep warning | sort >wanted
for files in "" "--replay classic.m" "classic.m"; do
    # shellcheck disable=SC2086
    dcc-map $files --model shape.m --hw shape.hw --moves 500 2>&1 >/dev/null | grep warning | sort >log
    [ "$(wc -l <wanted)" -eq 2 ] && cmp wanted log
    report $? "what that leaves out is said: dcc-map $files"
done

# --- an energy without a figure ---

cat >bare.hw <<'END'
Accelerator "bare" { Hierarchy { Memory DRAM { Read: 5 pJ Write: 5 pJ } Memory G { Capacity: 64 B } Fanout F 4 { } MAC { Energy: 1 pJ } } }
END
echo 'Dataflow "f" { TemporalMap(1,1) K; Buffer(G); TemporalMap(1,1) M; }' >held.m
bare=(--model small.m --hw bare.hw --sizes divisors --moves 20000)
dcc-map "${bare[@]}" --from held.m --json bare.json --html bare.html >out 2>log &&
    dcc-map "${bare[@]}" --from held.m >out 2>>log && grep -qx 'runtime, not EDP: the energy is not known: no figure is given for G' out &&
    grep -q '<p>Runtime, not EDP: .* for G.</p>' bare.html &&
    figures 'run["search"]["objective"] == "runtime" and run["search"]["lacking"] == "G"' bare.json
report $? "the objective is runtime where an energy has no figure, and that is said"
dcc-map "${bare[@]}" --set 'G.read=1 pJ' --set 'G.write=1 pJ' --json bare.json >out 2>log && dcc-map "${bare[@]}" --objective runtime --from held.m >out 2>>log && ! grep -q 'not EDP' out &&
    figures 'run["search"]["objective"] == "edp" and run["search"]["lacking"] is None' bare.json
report $? "and nothing where it is known, or was asked for"

echo "1..$n"
