#!/bin/bash
# dcc-dse --map: every design with the best dataflow of each layer, against dcc-map and dcc; bounds,
# threads, holes, what is written, what is in the way.
set -u

cd "$TMPDIR" || exit 1
PATH=$BUILD:$PATH
export DCC_PATH=$SRCDIR/dataflows:$SRCDIR/models:$SRCDIR/hardware

source "$SRCDIR/tests/tap"

cat >small.m <<'END'
Network "small" {
  Layer "one" { Type: CONV, Dimensions { K: 16, C: 8, Y: 18, X: 18, R: 3, S: 3 } }
  Layer "two" { Type: CONV, Dimensions { K: 16, C: 16, Y: 9, X: 9, R: 3, S: 3 }, Count: 3 }
  Layer "two again" { Type: CONV, Dimensions { K: 16, C: 16, Y: 9, X: 9, R: 3, S: 3 } }
}
END
hardware=(--hw paper256.hw --set offchip.bandwidth=4GB/s)
space=(--sweep 'pes=16,64' --sweep 'l1.capacity=256,1KiB' --sweep 'l2.capacity=8KiB,32KiB')
one=(--model small.m --layer one "${hardware[@]}" "${space[@]}")
all=(--model small.m "${hardware[@]}" "${space[@]}")

# holds EXPRESSION FILE: of the JSON of a sweep, as `run`
holds() { python3 -c 'import json, sys; run = json.load(open(sys.argv[2])); sys.exit(not eval(sys.argv[1]))' "$@" 2>>log; }

# --- one layer against dcc-map, design by design ---

dcc-dse --map "${one[@]}" --json best.json >out 2>log
report $? "a sweep with the best dataflow of every design"
grep -q 'Dataflows are those of least edp; no design of the space costs less' out
report $? "it says that none costs less"
for pes in 16 64; do
    for l1 in 256 1KiB; do
        for l2 in 8KiB 32KiB; do
            dcc-map --model small.m --layer one "${hardware[@]}" --sizes divisors --set pes=$pes \
                --set l1.capacity=$l1 --set l2.capacity=$l2 --json - 2>>log
        done
    done
done | python3 -c '
import json, sys
text, least, decoder = sys.stdin.read(), [], json.JSONDecoder()
while text.strip():
    run, end = decoder.raw_decode(text.lstrip())
    text = text.lstrip()[end:]
    least.append(run["layers"][0]["best"]["edp"])
best = json.load(open("best.json"))["best"]["edp"]
all = json.load(open("best.json"))
print(len(least), min(least), best["edp_js"])
sys.exit(len(least) != 8 or abs(min(least) - best["edp_js"]) > 1e-9 * min(least) or
         best["index"] != least.index(min(least)))' >>log 2>&1
report $? "the best is the best of dcc-map's"
holds 'run["counts"]["skipped"] > 0 and run["counts"]["valid"] is None and run["map"]["gap"] < 1e-8' best.json
report $? "bounds skip designs that cannot be best"
dcc-dse --map "${one[@]}" --json all.json --no-prune >out 2>>log &&
    holds 'run["counts"]["evaluated"] == 8 and run["counts"]["valid"] == 8' all.json &&
    holds 'run["best"]["edp"] == json.load(open("best.json"))["best"]["edp"]' all.json
report $? "without bounds it is the same"
# a search with divisors begins that of each design: what it says of its own space is not of theirs
echo 'Network d { Layer L { Type: CONV Dimensions { K: 17, C: 5, R: 3, S: 1, Y: 15, X: 13 } } }' >odd.m
odd=(--map --map-sizes canonical --model odd.m --hw eyeriss.hw --objectives edp --set l2.capacity=8KiB)
dcc-dse "${odd[@]}" --sweep pes=33,55 --sweep l1.capacity=48B,128B --json odd.json >out 2>>log &&
    for pes in 33 55; do
        for l1 in 48B 128B; do
            dcc-dse "${odd[@]}" --sweep pes=$pes --sweep l1.capacity=$l1 --json odd.$pes.$l1.json >>log 2>&1
        done
    done &&
    holds 'run["best"]["edp"]["edp_js"] == min(json.load(open("odd.%s.json" % d))["best"]["edp"]["edp_js"] for d in ("33.48B", "33.128B", "55.48B", "55.128B"))' odd.json
report $? "a design is not left out for a bound of another space"
echo 'Network "tiny" { Layer L { Type: GEMM, Dimensions { M: 12, N: 8, K: 16 } } }' >tiny.m
for objective in energy runtime throughput; do
    few=(--model tiny.m "${hardware[@]}" --sweep 'pes=4,8' --sweep 'l2.capacity=8KiB,32KiB' --set l1.capacity=256)
    dcc-dse --map "${few[@]}" --objectives $objective --json best.json >out 2>log &&
        dcc-dse --map "${few[@]}" --objectives $objective --json all.json --no-prune >/dev/null 2>>log &&
        holds 'run["best"]["'$objective'"] == json.load(open("all.json"))["best"]["'$objective'"]' best.json
    report $? "for $objective too"
done

# --- several layers against dcc ---

dcc-dse --map "${all[@]}" --json one.json --threads 1 >one.out 2>log &&
    dcc-dse --map "${all[@]}" --json three.json --threads 3 >three.out 2>>log && cmp one.json three.json >>log 2>&1 &&
    diff <(sed '$d' one.out) <(sed '$d' three.out) >>log
report $? "a network, the same in three threads"
dcc-dse --map "${all[@]}" --objectives edp,area --json one.json --points one.csv --threads 1 >/dev/null 2>log &&
    dcc-dse --map "${all[@]}" --objectives edp,area --json three.json --points three.csv --threads 3 >/dev/null 2>>log &&
    cmp one.json three.json >>log 2>&1 && cmp one.csv three.csv >>log 2>&1
report $? "so are the front and all designs"
[ "$(wc -l <one.csv)" -eq 9 ] && head -n 1 one.csv | grep -q ',power_mw,mapping' &&
    [ "$(sed 1d one.csv | cut -d, -f1 | tr '\n' ' ')" = '0 1 2 3 4 5 6 7 ' ]
report $? "a row for every design, in their order"
# What was found for a design is a network that dcc reads, with the same figures.
python3 - >words 2>log <<'END'
import json
run = json.load(open("one.json"))
best = run["best"]["edp"]
open("found.m", "w").write(best["mapping"])
for key, value in best["design"].items():
    print("--set", "%s=%s" % (key, value), end=" ")
END
read -ra design <words
dcc found.m "${hardware[@]}" "${design[@]}" --json dcc.json >/dev/null 2>>log && python3 - 2>>log <<'END'
import json, sys
best, total = json.load(open("one.json"))["best"]["edp"], json.load(open("dcc.json"))["total"]
near = lambda a, b: abs(a - b) <= 1e-9 * a
pairs = [(best["cycles"], total["cycles"]), (best["energy_pj"], total["energy_pj"]["total"]),
         (best["area_mm2"], total["area_mm2"]["total"])]
print(pairs, file=sys.stderr)
sys.exit(not all(near(*pair) for pair in pairs))
END
report $? "dcc has the same figures of the best design"
dcc-dse --map "${one[@]}" --objectives edp,area --points points.db --front front.csv --html out.html >/dev/null 2>log &&
    python3 -c '
import sqlite3, sys
rows = sqlite3.connect("points.db").execute("SELECT mapping FROM points").fetchall()
sys.exit(len(rows) != 8 or not all(row[0].startswith("Network") for row in rows))' 2>>log && grep -q mapping front.csv
report $? "databases, the front and HTML"

# --- holes, axes ---

cat >holes.m <<'END'
Constant Cluster0 4;
Dataflow "holes" { TemporalMap(?,?) K; SpatialMap(?,?) C; Cluster(Cluster0); SpatialMap(?,?) X'; }
END
cat >closed.m <<'END'
Dataflow "closed" { TemporalMap(1,1) K; TemporalMap(2,2) Y'; SpatialMap(1,1) C; }
END
dcc-dse --map holes.m closed.m --model small.m --layer one "${hardware[@]}" --sweep Cluster0=1,4 \
    --sweep pes=16,64 --set l1.capacity=4KiB --set l2.capacity=64KiB --json holes.json --no-prune >out 2>log &&
    holds 'run["counts"]["evaluated"] == 8 and run["axes"][0]["name"] == "dataflow"' holes.json &&
    holds '"Cluster(4)" in run["best"]["edp"]["mapping"]' holes.json
report $? "files with holes and without, a constant"
dcc-map holes.m --model small.m --layer one "${hardware[@]}" --set pes=64 --sizes divisors \
    --set l1.capacity=4KiB --set l2.capacity=64KiB --json map.json >/dev/null 2>log &&
    holds 'abs(run["best"]["edp"]["edp_js"] / json.load(open("map.json"))["layers"][0]["best"]["edp"] - 1) < 1e-9' holes.json
report $? "dcc-map finds the same in the holes"
cat >machine.hw <<'END'
Accelerator "machine" {
  Precision: 8 bit
  Clock: 1 GHz
  Technology: "28nm"
  Hierarchy {
    Memory DRAM { Bandwidth: 4, Read: 64 pJ, Write: 64 pJ }
    Memory GLB { Capacity: 1 KiB, Read: 2 pJ, Write: 2 pJ, Area: 0.01 mm2 }
    Fanout PE 4
    MAC { Energy: 0.5 pJ }
  }
}
Network "matrices" { Layer L { Type: GEMM, Dimensions { M: 16, N: 16, K: 16 } } }
END
dcc-dse --map --model machine.hw --hw machine.hw --sweep PE=2,8 --sweep GLB.capacity=64,512 \
    --json tree.json >out 2>log &&
    holds 'run["best"]["edp"]["design"]["PE"] == "8" and "Fanout(PE" in run["best"]["edp"]["mapping"]' tree.json
report $? "a hierarchy of memories"
cat >study.dse <<'END'
Study {
  Model: "small.m", Hardware: "paper256.hw", Layers: ["one"]
  Set: ["offchip.bandwidth=4GB/s"]
  Axis "pes" { Values: [16, 64] }
  Axis "l1.capacity" { Values: ["256", "1KiB"] }
  Axis "l2.capacity" { Values: ["8KiB", "32KiB"] }
}
END
dcc-dse study.dse --map --json study.json >out 2>log && dcc-dse --map "${one[@]}" --json best.json >out 2>>log &&
    holds 'run["best"] == json.load(open("best.json"))["best"]' study.json
report $? "a study in a file"

# --- budgets, ends, what is in the way ---

dcc-dse --map "${one[@]}" --area 6mm2 --json area.json >out 2>log &&
    holds 'run["best"]["edp"]["area_mm2"] <= 6 and run["counts"]["skipped"] >= 4' area.json
report $? "a budget"
dcc-dse --map "${one[@]}" --area 1mm2 >out 2>log
[ $? -eq 1 ] && grep -q 'an area over the budget of 1 mm2' log
report $? "no design within the budget"
dcc-dse --map --model small.m --layer one "${hardware[@]}" --sweep l1.capacity=1,2 --set l2.capacity=8KiB >out 2>log
[ $? -eq 1 ] && grep -q 'no dataflow was found that fits; of the first design, l1.capacity=1: .*L1' log
report $? "no dataflow that fits"
dcc-dse --map --model vgg16.m --layer CONV2 --hw paper256.hw --sweep pes=64,128 --map-sizes all --map-time 1ms \
    --no-prune --json ended.json >out 2>log
holds 'run["counts"]["ended"] == 2' ended.json && grep -q 'ended by --map-time' out
report $? "searches that are ended by their time are counted"
dcc-dse --map --model vgg16.m --hw paper256.hw --sweep pes=64:1024:1 --map-sizes all --json stopped.json >out 2>log &
sleep 1
kill -INT $!
wait $!
[ $? -eq 130 ] && [ -s stopped.json.partial ]
report $? "interrupted"

says() {
    local message=$1
    shift
    dcc-dse "$@" >/dev/null 2>log
    [ $? -eq 2 ] && grep -qF -- "$message" log
    report $? "$message"
}
says '--map-time and --map-sizes are for --map' kc-p.m "${one[@]}" --map-time 1s
says '--map-time 1h: wants a time' --map "${one[@]}" --map-time 1h
says "--map-sizes primes: there are divisors, canonical and all" --map "${one[@]}" --map-sizes primes
says '--map excludes' --map "${one[@]}" --shard 1/2
says '--map excludes' --map "${one[@]}" --checkpoint file
says '--map excludes' --map "${one[@]}" --buffers exact
says 'no dataflow or network given' --map --hw paper256.hw
echo "1..$n"
