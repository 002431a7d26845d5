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

chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome)
if [ -z "$chromium" ]; then
    echo "ok 6 - rendered # SKIP no Chromium here"
else
    dom=$TMPDIR/dom.html
    if timeout 60 "$chromium" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
        --disable-background-networking --disable-component-update --disable-sync \
        --user-data-dir="$TMPDIR/profile" --dump-dom "file://$page" >"$dom" 2>/dev/null; then
        sorted=$(grep -o 'title="sort"' "$dom" | wc -l)
        check 6 "rendered: the marks stand and the script has run" \
            [ "$(marks circle "$dom") $((sorted > 0))" = "32 1" ]
    else
        echo "ok 6 - rendered # SKIP $chromium does not start"
    fi
fi
echo "1..6"
