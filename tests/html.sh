#!/bin/bash
# HTML: self-contained, well made, a mark for every layer, its figures the run's; rendered in headless
# Chromium at three widths where there is one, where nothing is cut or lies on anything else.
set -u

cd "$TMPDIR" || exit 1
PATH=$BUILD:$PATH
export DCC_PATH=$SRCDIR/dataflows:$SRCDIR/models:$SRCDIR/hardware

source "$SRCDIR/tests/tap"

dcc yr-p.m --model vgg16.m --hw eyeriss.hw --html classic.html >/dev/null 2>log
report $? "a classic machine"
dcc ff-gemmini.m --model bert-base.m --hw ff-gemmini.hw --html hierarchy.html >/dev/null 2>log
report $? "a hierarchy of memories"
dcc kc-p.m x-p.m --model vgg16.m --hw paper256.hw --set offchip.bandwidth=32GB/s \
    --html comparison.html --json comparison.json >/dev/null 2>log
report $? "dataflows compared"

# marks SHAPE FILE: of so many bars or dots
marks() { grep -o "<$1 class=\"mark" "$2" | wc -l; }
[ "$(marks circle classic.html)" -eq 32 ] && [ "$(marks circle comparison.html)" -eq 32 ] &&
    [ "$(grep -o '<path class="mark' comparison.html | wc -l)" -eq 32 ]
report $? "a dot for each of 16 layers under each roof and dataflow"

# Every bar of utilization is as long as its share of the 404 that stand for 100 %.
sed -n '/aria-label="Utilization"/,/<\/svg>/p' classic.html |
    sed -n 's/.*<rect class="mark c0" x="190" y="[^"]*" width="\([^"]*\)".*<title> \([0-9.]*\) %<.*/\1 \2/p' |
    awk '{ d = $1 - $2 * 4.04; if (d > 0.22 || d < -0.22) bad = 1 } END { exit !(NR == 16 && !bad) }'
report $? "bars of utilization go from 0 to 100 %"
grep -qE '<tfoot>.*data-v="[0-9.e+-]*">[0-9.]+[mu]?J s</td>' classic.html
report $? "energies and EDP have units, the layers a total"
for word in 'off-chip memory' '108KiB' 'NoC 1: 1 to 7 PEs in each' '× 168' 'W 4, I 1, O 4 elements/cycle' 'Where most time is lost' \
    '5.02s' '1.25J' '6.25J s' '≥ 9.073 mm2' '9.2 %' 'Bound by ingress'; do
    sed -n '/id="overview"/,/<\/section>/p' classic.html | grep -qF "$word" || echo "no $word"
done >log
[ ! -s log ]
report $? "the first screen has the machine, the totals and the worst layers"
for word in DRAM SARows Scratchpad Accumulator 'holds A, B' '× 256' '512KiB' unknown; do
    sed -n '/id="overview"/,/<\/section>/p' hierarchy.html | grep -qF "$word" || echo "no $word"
done >log
[ ! -s log ]
report $? "that of a hierarchy, too; what is not known is said to be"
cycles=$(sed -n '/^ "total"/,$s/^ *"cycles": \([0-9]*\),.*/\1/p' comparison.json | head -n 1)
grep -q "<tfoot>.*>$cycles</td>" comparison.html
report $? "the total of a comparison is the adaptive choice's"
[ "$(sed -n '/id="comparison"/,/<\/section>/p' comparison.html | grep -c 'class="best mark"')" -ge 17 ] &&
    grep -q 'adaptive, for least EDP' comparison.html
report $? "the best of each layer is marked"

for word in '<h4>What would help</h4>' 'twice the bandwidth of NoC 0</th><td>53.7M</td><td>-50.0%' 'dataflow rs.m' \
    'waiting for I over NoC 0' 'O again in off-chip' 'No gain: '; do
    sed -n '/<h3>CONV2/,/<\/details>/p' classic.html | grep -qF "$word" || echo "no $word"
done >log
[ ! -s log ]
report $? "a layer has where its cycles and its energy go, and what would help"

# --- names as they come ---

name="<b>&amp;'x'<script>alert(1)</script>"
long=$(printf 'W%.0s' {1..200})
cat >hostile.m <<END
Dataflow "$name" { TemporalMap(1,1) K; SpatialMap(1,1) C; }
Network "$name</title>" {
  Layer "$name" { Type: CONV, Dimensions { K: 16, C: 16, Y: 16, X: 16, R: 3, S: 3 } }
  Layer "$long" { Type: CONV, Dimensions { K: 16, C: 16, Y: 16, X: 16, R: 3, S: 3 }, Count: 123456 }
  Layer "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十" { Type: CONV, Dimensions { K: 8, C: 64, Y: 16, X: 16, R: 3, S: 3 } }
  Layer "refused" { Type: CONV, Dimensions { K: 16, C: 16, Y: 2, X: 16, R: 3, S: 3 } }
}
END
dcc hostile.m --hw paper256.hw --set l1.capacity=1B --set l2.capacity=1KiB --html hostile.html >/dev/null 2>log
[ $? -eq 1 ] && grep -q '1 not evaluated' hostile.html && grep -q 'Not evaluated: ' hostile.html &&
    grep -q 'class="bad">[^<]* !<' hostile.html
report $? "layers that are refused or do not fit are marked"
! grep -q '<script>alert\|<b>&amp;.x' hostile.html && [ "$(grep -c '<script>' hostile.html)" -eq 1 ]
report $? "what stands in a file is text"

# A byte a cycle comes in, so no more MACs a cycle than MACs a byte: pages.py looks.
cat >sparse.m <<'END'
Accelerator "a" { PEs: 64, Clock: 1 GHz, OffChip { Bandwidth: 1 GB/s } }
Network "n" { Layer L { Type: GEMM, Dimensions { M: 256, N: 256, K: 256 }, Density { A: 0.1, B: 0.1 }
  Dataflow { TemporalMap(1,1) M; SpatialMap(1,1) N; } } }
END
dcc sparse.m --html sparse.html >/dev/null 2>log && grep -q 'Sloped: 1 bytes' sparse.html && grep -q 'no technology is given' sparse.html
report $? "a sparse layer, without a technology"

awk 'BEGIN {
    print "Network big {"
    for (i = 0; i < 1000; i++)
        printf "  Layer L%d { Type: CONV, Dimensions { K: %d, C: 8, R: 3, S: 3, Y: %d, X: 16 } }\n", i, 16 + i % 64, 16 + i % 5
    print "}"
}' >big.m
dcc kc-p.m --model big.m --hw paper256.hw --html big.html >/dev/null 2>log
[ "$(wc -c <big.html)" -lt 6000000 ] && grep -q 'Of 1000 bars 60 are drawn' big.html &&
    grep -q 'In all figures as' big.html && [ "$(grep -c '<details class="layer"' big.html)" -eq 1000 ]
report $? "a thousand layers"

dcc-dse kc-p.m --model vgg16.m --layer CONV2 --hw paper256.hw --sweep pes=64:512:*2 --sweep l1.capacity=32:4096:*2 \
    --sweep l2.capacity=2KiB:1MiB:*2 --objectives energy,area --html sweep.html >/dev/null 2>log
report $? "a sweep"

cat >small.m <<'END'
Network "small" {
  Layer "one" { Type: CONV, Dimensions { K: 16, C: 8, Y: 18, X: 18, R: 3, S: 3 } }
  Layer "two" { Type: CONV, Dimensions { K: 16, C: 16, Y: 9, X: 9, R: 3, S: 3 }, Count: 3 }
}
END
dcc-map --model small.m --hw paper256.hw --set l1.capacity=1KiB --set l2.capacity=64KiB --set offchip.bandwidth=4GB/s \
    --moves 20000 --front front.csv --html map.html >/dev/null 2>log
report $? "a search for a front"
[ "$(grep -c '<tr id="f' map.html)" -ge 4 ] &&
    [ "$(grep -c '<tr id="f' map.html)" -eq "$(grep -c '<circle class="mark front' map.html)" ]
report $? "a mark and a row for each of its mappings"

if ! command -v python3 >/dev/null; then
    echo "ok $((n + 1)) - how pages are made # SKIP no python3"
    echo "1..$((n + 1))"
    exit 0
fi
python3 "$SRCDIR/tests/pages.py" $((n + 1)) classic.html=120 hierarchy.html=60 comparison.html=300 hostile.html=20 \
    sparse.html=4 sweep.html=40 map.html=30
