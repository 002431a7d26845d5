#!/bin/bash
# What a run takes of memory hardly grows with its layers: 100,000 of them are written, as CSV and as
# JSON, in less than 200 MB, whether they fit, do not fit, or cannot be read.
set -u
export DCC_PATH=$SRCDIR/dataflows:$SRCDIR/models:$SRCDIR/hardware
cd "$TMPDIR" || exit 1
[ "$SAN" != 1 ] || { echo "1..0 # SKIP freed memory is kept under sanitizers" && exit 77; }

source "$SRCDIR/tests/tap"

awk 'BEGIN {
    print "Network big {"
    for (i = 0; i < 100000; i++)
        printf "  Layer L%d { Type: CONV  Stride { X: 1, Y: 1 }\n" \
            "    Dimensions { N: 1, K: %d, C: %d, R: 3, S: 3, Y: %d, X: %d } }\n",
            i, 16 + i % 64, 8 + i % 32, 16 + i % 50, 16 + i % 50
    print "}"
}' >big.m
sed 's/Y: [0-9]*/Y: 2/' big.m >wrong.m

# takes STATUS ARGUMENT...: less than 200,000 KiB, and that exit status
takes() {
    local status=$1
    shift
    (ulimit -v 400000 && exec "$DCC" kc-p.m --hw paper256.hw "$@") >text 2>messages &
    local peak=0 now pid=$!
    while now=$(awk '/^VmHWM:/ { print $2 }' "/proc/$pid/status" 2>/dev/null) && [ -n "$now" ]; do
        peak=$now
        sleep 0.02
    done
    wait "$pid"
    local was=$?
    echo "# $* took $peak KiB"
    [ "$was" -eq "$status" ] && [ "$peak" -gt 1000 ] && [ "$peak" -lt 200000 ]
}

# lines FILE COUNT
lines() { [ "$(wc -l <"$1")" -eq "$2" ]; }

takes 0 --model big.m --csv big.csv --set l1.capacity=8 && lines big.csv 100001 && lines text 100010
report $? "CSV, and the table"
[ "$(grep -c '\[capacity\]' messages)" -eq 1000 ] && grep -q '^dcc: 99000 more not shown$' messages
report $? "a warning for each layer"

mkfifo pipe && { grep -c '"cycles":' pipe >count & } && takes 0 --model big.m --json pipe && wait && [ "$(cat count)" -eq 100001 ]
report $? "JSON"

takes 1 --model wrong.m --csv - && lines text 100001 && [ "$(grep -c ',refused,"layer L' text)" -eq 100000 ]
report $? "layers that cannot be read have rows"
