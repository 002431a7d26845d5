#!/bin/bash
# libdcc from outside: what it shows of itself, and the examples against the shared and the
# static library.
set -u
export DCC_PATH=$SRCDIR/dataflows:$SRCDIR/models:$SRCDIR/hardware

source "$SRCDIR/tests/tap"
shown=$TMPDIR/log

skip() { # skip WHAT WHY
    n=$((n + 1))
    echo "ok $n - $1 # SKIP $2"
}

# Names of functions that a header declares.
declared() { grep -o '\bdcc_[a-z0-9_]*(' "$1" | tr -d '(' | sort -u; }
# What counts lines for make coverage is not ours.
defined() { nm -g "$@" | awk '$2 ~ /^[TDBRVWi]$/ && $3 !~ /^(__gcov_.*|mangle_path)$/ { print $3 }' | sort -u; }

declared "$SRCDIR/src/lib/dcc.h" >"$TMPDIR/declared"
if [ "$SAN" = 1 ]; then
    skip "exported names" "the sanitizers have names of their own"
    skip "names of the static library" "the sanitizers have names of their own"
else
    defined -D "$BUILD/libdcc.so" | diff "$TMPDIR/declared" - >"$TMPDIR/log"
    report $? "the shared library exports what dcc.h declares, and nothing else"
    defined "$BUILD/static/libdcc.a" | diff "$TMPDIR/declared" - >"$TMPDIR/log"
    report $? "so does the static library"
fi

# The header alone, as strict C and as C++ take it.
header() { echo '#include <dcc.h>' | "$@" -I"$SRCDIR/src/lib" -Wall -Wextra -pedantic -Werror -fsyntax-only - >"$TMPDIR/log" 2>&1; }
header "${CC:-cc}" -std=c99 -x c
report $? "dcc.h is C99"
if command -v g++ >/dev/null; then
    header g++ -x c++
    report $? "dcc.h is C++"
else
    skip "dcc.h is C++" "no g++"
fi

best() { grep '^best:' "$1"; }

"$BUILD/examples/search" 20000 >"$TMPDIR/c" 2>"$TMPDIR/log"
report $? "examples/search.c"
sed 's/^/# C: /' "$TMPDIR/c"
"$BUILD/examples/search" 20000 1 3 >"$TMPDIR/threads" 2>"$TMPDIR/log" &&
    [ "$(best "$TMPDIR/threads")" = "$(best "$TMPDIR/c")" ]
report $? "examples/search.c finds the same in three threads"

if [ "$SAN" = 1 ]; then
    skip "examples/search.c with the static library" "built without sanitizers"
    skip "examples/search.py" "the interpreter has no sanitizers"
else
    read -ra glib <<<"$(pkg-config --libs glib-2.0) ${LINK_FLAGS:-}"
    "${CC:-cc}" -pthread -I"$SRCDIR/src/lib" -o "$TMPDIR/search" "$SRCDIR/examples/search.c" \
        "$BUILD/static/libdcc.a" "${glib[@]}" -lm >"$TMPDIR/log" 2>&1 &&
        "$TMPDIR/search" 20000 >"$TMPDIR/static" 2>"$TMPDIR/log" &&
        [ "$(best "$TMPDIR/static")" = "$(best "$TMPDIR/c")" ]
    report $? "examples/search.c with the static library"
    if command -v python3 >/dev/null; then
        LIBDCC=$BUILD/libdcc.so python3 "$SRCDIR/examples/search.py" 20000 >"$TMPDIR/python" 2>"$TMPDIR/log" &&
            [ "$(best "$TMPDIR/python")" = "$(best "$TMPDIR/c")" ]
        report $? "examples/search.py finds the same"
        sed 's/^/# Python: /' "$TMPDIR/python"
    else
        skip "examples/search.py" "no Python"
    fi
fi

# What the best design costs by the command line is what the search says.
read -r k y x cluster cycles < <(best "$TMPDIR/c" |
    sed -E "s/best: cluster ([0-9]+), K ([0-9]+), Y' ([0-9]+), X' ([0-9]+): ([0-9]+) cycles.*/\2 \3 \4 \1 \5/")
cat >"$TMPDIR/best.m" <<END
Dataflow "best" {
  SpatialMap($k,$k) K; TemporalMap($cluster,$cluster) C;
  TemporalMap(Sz(R),Sz(R)) R; TemporalMap(Sz(S),Sz(S)) S;
  TemporalMap($y,$y) Y'; TemporalMap($x,$x) X';
  Cluster($cluster);
  SpatialMap(1,1) C;
}
END
"$DCC" "$TMPDIR/best.m" --model vgg16.m --hw paper256.hw --layer CONV2 --json "$TMPDIR/json" >/dev/null 2>"$TMPDIR/log"
grep -q "\"cycles\": $cycles,\$" "$TMPDIR/json"
report $? "dcc says the same of the best design"

# So is what is built call by call.
"$BUILD/examples/hierarchy" 512 768 1024 >"$TMPDIR/built" 2>"$TMPDIR/log"
report $? "examples/hierarchy.c"
sed 's/^/# /' "$TMPDIR/built"
read -r _ _ rows _ columns _ deep bytes cycles < <(grep ' 64 KiB' "$TMPDIR/built")
cat >"$TMPDIR/built.m" <<END
Accelerator "built" {
  Precision { Input: 8 bit, Weight: 8 bit, Output: 8 bit, Partial: 32 bit }
  Hierarchy {
    Memory DRAM { Bandwidth: 16 B/cycle }
    Memory Scratchpad { Holds: Input, Weight, Capacity: 64 KiB, Bandwidth { Read: 32, Write: 16 } }
    Fanout Rows 16
    Memory Accumulator { Holds: Output }
    Fanout Columns 16
    Memory Register { Holds: Weight }
  }
}
Dataflow "built" {
  TemporalMap($rows,$rows) M; TemporalMap($columns,$columns) N; TemporalMap($deep,$deep) K;
  Buffer(Scratchpad); SpatialMap(1,1) N; Fanout(Rows); Buffer(Accumulator);
  SpatialMap(1,1) K; Fanout(Columns); Buffer(Register); TemporalMap(1,1) M;
}
Network "built" { Layer L { Type: GEMM, Dimensions { M: 512, N: 768, K: 1024 } } }
END
"$DCC" "$TMPDIR/built.m" --json "$TMPDIR/json" >/dev/null 2>"$TMPDIR/log"
[ -n "$cycles" ] && [ "$bytes" -gt 0 ] && grep -q "\"cycles\": $cycles,\$" "$TMPDIR/json"
report $? "dcc says the same of the hierarchy that is built call by call"

# A search: the same from C and from Python, and what dcc says of the dataflow that is found.
"$BUILD/examples/map" 60 >"$TMPDIR/map" 2>"$TMPDIR/log"
report $? "examples/map.c"
sed 's/^/# /' "$TMPDIR/map"
if [ "$SAN" = 1 ] || ! command -v python3 >/dev/null; then
    skip "examples/map.py" "no Python, or sanitizers that it has not"
else
    LIBDCC=$BUILD/libdcc.so python3 "$SRCDIR/examples/map.py" 60 >"$TMPDIR/python" 2>"$TMPDIR/log" &&
        diff "$TMPDIR/map" "$TMPDIR/python" >"$TMPDIR/log"
    report $? "examples/map.py finds the same"
fi
buffers=(--set l1.capacity=4KiB --set l2.capacity=512KiB --set offchip.bandwidth=16GB/s)
read -r cycles _ < <(sed -n 2p "$TMPDIR/map")
sed -n '3,$p' "$TMPDIR/map" >"$TMPDIR/found.m"
"$DCC" "$TMPDIR/found.m" --model vgg16.m --hw paper256.hw --layer CONV2 "${buffers[@]}" \
    --json "$TMPDIR/json" >/dev/null 2>"$TMPDIR/log" && grep -q "\"cycles\": $cycles,\$" "$TMPDIR/json"
report $? "dcc says the same of the dataflow that is found"
cat >"$TMPDIR/holes.m" <<'END'
Dataflow "KC-P, its sizes open" {
  TemporalMap(?,?) Y'; TemporalMap(?,?) X'; TemporalMap(?,?) K; SpatialMap(?,?) C;
  Cluster(?);
  SpatialMap(?,?) K;
}
END
"$BUILD/examples/map" 60 "$TMPDIR/holes.m" >"$TMPDIR/kept" 2>"$TMPDIR/log" &&
    [ "$(grep -c 'SpatialMap.*C;\|SpatialMap.*K;' "$TMPDIR/kept")" -eq 2 ]
report $? "examples/map.c fills holes"
# A schedule of a network, and what dcc-sched says of it.
"$BUILD/examples/sched" stream-lab3.m stream-bus.hw >"$TMPDIR/sched" 2>"$TMPDIR/log" &&
    "$BUILD/dcc-sched" --model stream-lab3.m --system stream-bus.hw --json "$TMPDIR/json" >/dev/null 2>"$TMPDIR/log" &&
    grep -q "\"latency_cycles\": $(awk 'NR == 1 { print $1 }' "$TMPDIR/sched"),\$" "$TMPDIR/json" &&
    grep -q "^CONV1: Y' all on c2$" "$TMPDIR/sched"
report $? "examples/sched.c says what dcc-sched does"
"$BUILD/examples/sched" stream-lab3.m >"$TMPDIR/out" 2>"$TMPDIR/log"
[ $? = 1 ] && grep -q 'no system' "$TMPDIR/log"
report $? "examples/sched.c says what is missing"
echo "1..$n"
