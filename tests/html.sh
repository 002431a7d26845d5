#!/bin/bash
# The HTML report: self-contained, a mark for every layer; rendered in headless Chromium
# where there is one.
set -u

page=$TMPDIR/report.html
"$DCC" kc-p.m x-p.m --model vgg16.m --hw paper256.hw --set offchip.bandwidth=32GB/s \
    --html "$page" >/dev/null 2>&1
status=$?

# check NUMBER NAME CONDITION...
check() {
    local number=$1 name=$2
    shift 2
    if "$@"; then
        echo "ok $number - $name"
    else
        echo "not ok $number - $name"
    fi
}

marks() { # SHAPE FILE: how many marks of that shape
    grep -o "<$1 class=\"mark\"" "$2" | wc -l
}

check 1 "written" [ $status = 0 ]
check 2 "asks nothing of the network" [ "$(grep -cE '(src|href)=|@import|url\(' "$page")" = 0 ]
check 3 "a mark on the roofline for each of 16 layers under 2 dataflows" [ "$(marks circle "$page")" = 32 ]
check 4 "a bar for each at least in runtime, energy and utilization" [ "$(marks rect "$page")" -ge 96 ]
check 5 "ends where it should" grep -q '</html>' "$page"

# Every bar of utilization is as long as its share of the 790 that stand for 100 %.
lengths() {
    grep -o 'width="[0-9.e+-]*" height="14" fill="#[0-9a-f]*"><title>[^<]*: utilization [0-9.e+-]* %' "$page" |
        sed 's/^width="\([^"]*\)".*utilization \([^ ]*\) %$/\1 \2/' |
        awk '{ d = $1 - $2 * 7.9; if (d > 0.01 || d < -0.01) bad = 1 } END { exit !(NR == 32 && !bad) }'
}
check 6 "bars of utilization go from 0 to 100 %" lengths
check 7 "energies and EDP have units, the layers a total" \
    grep -qE '<tfoot>.*data-v="[0-9.e+-]*">[0-9.]+[mu]?J s</td>' "$page"

cat >"$TMPDIR/sparse.m" <<'EOF'
Accelerator "a" { PEs: 64, Clock: 1 GHz, OffChip { Bandwidth: 1 GB/s } }
Network "n" { Layer L { Type: GEMM, Dimensions { M: 256, N: 256, K: 256 }, Density { A: 0.1, B: 0.1 }
  Dataflow { TemporalMap(1,1) M; SpatialMap(1,1) N; } } }
EOF
"$DCC" "$TMPDIR/sparse.m" --html "$TMPDIR/sparse.html" >/dev/null 2>&1
# A byte a cycle comes in, so no more MACs a cycle than MACs a byte.
below() {
    sed -n 's/.*<title>L[^<]*: \([0-9.e+-]*\) MACs\/byte, \([0-9.e+-]*\) MACs\/cycle<.*/\1 \2/p' "$TMPDIR/sparse.html" |
        awk '{ ok = $2 <= $1 * 1.000001 && $2 <= 64 && $2 > 0 } END { exit !(NR == 1 && ok) }'
}
check 8 "a sparse layer lies on or below the roof" below

chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome)
if [ -z "$chromium" ]; then
    echo "ok 9 - rendered # SKIP no Chromium here"
else
    dom=$TMPDIR/dom.html
    if timeout 60 "$chromium" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
        --disable-background-networking --disable-component-update --disable-sync \
        --user-data-dir="$TMPDIR/profile" --dump-dom "file://$page" >"$dom" 2>/dev/null; then
        sorted=$(grep -o 'title="sort"' "$dom" | wc -l)
        check 9 "rendered: the marks stand and the script has run" \
            [ "$(marks circle "$dom") $((sorted > 0))" = "32 1" ]
    else
        echo "ok 9 - rendered # SKIP $chromium does not start"
    fi
fi
echo "1..9"
