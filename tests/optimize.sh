#!/bin/bash
# dcc --optimize of a dataflow with holes: the figures are dcc-map's, in every form of a report, and
# what cannot be filled is said.
set -u

cd "$TMPDIR" || exit 1
PATH=$BUILD:$PATH
export DCC_PATH=$SRCDIR/dataflows:$SRCDIR/models:$SRCDIR/hardware

source "$SRCDIR/tests/tap"

cat >holes.m <<'END'
Dataflow "KC-P, its sizes open" {
  TemporalMap(?,?) K;
  SpatialMap(? <= 4,?) C;
  Cluster(16);
  SpatialMap(?,?) Y';
}
END
cat >small.m <<'END'
Network "small" {
  Layer "one" { Type: CONV, Dimensions { K: 16, C: 16, Y: 16, X: 16, R: 3, S: 3 } }
  Layer "two" { Type: CONV, Dimensions { K: 32, C: 8, Y: 10, X: 10, R: 3, S: 3 }, Count: 2 }
}
END
buffers=(--set l1.capacity=8KiB --set l2.capacity=128KiB)
run=(holes.m --model small.m --hw paper256.hw "${buffers[@]}")

# same_layers FIRST SECOND: the metrics of all layers in two files of JSON, but for the dataflow's name
same_layers() {
    python3 - "$@" <<'END'
import json, sys

def layers(name):
    rows = [layer.get("best", layer) for layer in json.load(open(name))["layers"]]
    for row in rows:
        row.pop("dataflow")
    return rows

first, second = (layers(name) for name in sys.argv[1:])
sys.exit(len(first) == 0 or first != second)
END
}

for objective in energy runtime edp; do
    dcc "${run[@]}" --optimize $objective --json dcc.json >out 2>log &&
        dcc-map "${run[@]}" --objective $objective --json map.json >/dev/null 2>>log &&
        same_layers dcc.json map.json 2>>log
    report $? "the figures of dcc-map: $objective"
done
[ "$(grep -c 'no capacity' log)" -le 1 ] && grep -q 'dataflow KC-P, its sizes open' out
report $? "the report goes by the file's dataflow"
dcc "${run[@]}" --optimize edp --explain one >explained 2>log && grep -q 'SpatialMap.* C ' explained &&
    ! grep -q '?' explained
report $? "--explain shows what was found"
dcc "${run[@]}" --optimize edp --csv out.csv --html out.html --detail >out 2>log &&
    [ "$(wc -l <out.csv)" -eq 3 ] && grep -q '^ *level 1: ' out
report $? "CSV, HTML and details"

dcc "${run[@]}" >/dev/null 2>log
[ $? -eq 1 ] && grep -q '\[open\]' log && grep -q 'dcc --optimize fill holes' log
report $? "without an objective holes are an error, which names the mend"

dcc kc-p.m "${run[@]}" --optimize edp >both 2>log && grep -q 'adaptive' both
report $? "a dataflow with holes is compared with one that has none"
dcc "${run[@]}" --optimize edp --json one.json >/dev/null 2>log &&
    dcc holes.m kc-p.m "${run[@]:1}" --optimize edp --json two.json >/dev/null 2>>log &&
    python3 -c '
import json, sys
one, two = (json.load(open(name)) for name in sys.argv[1:])
sys.exit(one["total"]["cycles"] != two["runs"][0]["total"]["cycles"])' one.json two.json 2>>log
report $? "and is filled as it is alone"

cat >own.m <<'END'
Network "own" {
  Layer "one" {
    Type: GEMM, Dimensions { M: 32, N: 16, K: 64 }
    Dataflow { TemporalMap(?,?) M; SpatialMap(?,?) N; }
  }
  Layer "two" {
    Type: GEMM, Dimensions { M: 32, N: 16, K: 64 }
    Dataflow { TemporalMap(8,8) M; SpatialMap(1,1) N; }
  }
}
END
dcc own.m --hw paper256.hw "${buffers[@]}" --optimize runtime --json own.json >/dev/null 2>log &&
    dcc own.m --hw paper256.hw "${buffers[@]}" --layer two --json plain.json >/dev/null 2>>log &&
    python3 -c '
import json, sys
own, plain = (json.load(open(name))["layers"] for name in sys.argv[1:])
sys.exit(own[1] != plain[0] or own[0]["cycles"] > own[1]["cycles"])' own.json plain.json 2>>log
report $? "layers that bring holes along, beside layers that do not"

cat >gemm.m <<'END'
Dataflow "cuts" { Any; Buffer(Scratchpad) ?; SpatialMap(?,?) N; Fanout(Columns); Any; }
Network "matrices" { Layer L { Type: GEMM, Dimensions { M: 16, N: 16, K: 16 } } }
END
cat >gemm.hw <<'END'
Accelerator "gemm" {
  Precision: 8 bit
  Clock: 1 GHz
  Technology: "28nm"
  Hierarchy {
    Memory DRAM { Bandwidth: 4, Read: 64 pJ, Write: 64 pJ }
    Memory Scratchpad { Capacity: 512 B, Read: 2 pJ, Write: 2 pJ }
    Fanout Columns 8
    MAC { Energy: 0.5 pJ }
  }
}
END
dcc gemm.m --hw gemm.hw --optimize energy --json dcc.json >/dev/null 2>log &&
    dcc-map gemm.m --hw gemm.hw --objective energy --json map.json >/dev/null 2>>log &&
    same_layers dcc.json map.json 2>>log
report $? "on a hierarchy of memories"

dcc "${run[@]}" --optimize edp --set l1.capacity=1B >/dev/null 2>log
[ $? -eq 1 ] && grep -q 'nothing was found that fills the holes (layer one): .*L1' log
report $? "holes that nothing fits are an error that says what is in the way"
echo 'Accelerator "bare" { PEs: 16 }' >bare.hw
dcc holes.m --model small.m --hw bare.hw --optimize energy >/dev/null 2>log
[ $? -eq 2 ] && grep -q -e '--optimize energy: the energy is not known' log
report $? "an energy without figures is no objective"
sed 's/? <= 4/? <= 0/' holes.m >wrong.m
dcc wrong.m "${run[@]:1}" --optimize edp >/dev/null 2>log
[ $? -eq 1 ] && grep -q '^wrong.m:3:.*error' log && ! grep -q '\[open\]' log
report $? "holes that cannot be are told once"
echo "1..$n"
