#!/bin/bash
# The Python module: its own tests, the examples, and what pip makes of it; with each python3 that
# there is, since one may have numpy and another not.
set -u
export DCC_PATH=$SRCDIR/dataflows:$SRCDIR/models:$SRCDIR/hardware
export PYTHONDONTWRITEBYTECODE=1
unset PYTHONPATH PYTHONHOME

source "$SRCDIR/tests/tap"
shown=$TMPDIR/log

if [ "$SAN" = 1 ]; then
    echo "1..0 # SKIP the interpreter has no sanitizers"
    exit 0
fi
pythons=()
for python in python3 /usr/bin/python3; do
    path=$(command -v "$python") || continue
    [ "${#pythons[@]}" = 1 ] && [ "$path" = "${pythons[0]}" ] && continue
    "$path" -c 'import sys; sys.exit(sys.version_info < (3, 9))' 2>/dev/null && pythons+=("$path")
done
if [ "${#pythons[@]}" = 0 ]; then
    echo "1..0 # SKIP no python3 of 3.9 or later"
    exit 0
fi

# Somebody else's folder, so that nothing is found by chance.
cd "$TMPDIR" || exit 1
run() { PYTHONPATH=$SRCDIR/python LIBDCC=$BUILD/libdcc.so timeout 300 "$@" >"$TMPDIR/out" 2>"$TMPDIR/log"; }

for python in "${pythons[@]}"; do
    numpy=$("$python" -c 'import numpy; print("numpy", numpy.__version__)' 2>/dev/null || echo "no numpy")
    with="$python, $numpy"
    run "$python" -X faulthandler "$SRCDIR/python/tests/test_dcc.py"
    report $? "the module ($with)"
    run "$python" "$SRCDIR/examples/sweep.py" 20000 && grep -q '^least:' out
    report $? "examples/sweep.py ($with)"
    grep 'per second' out | sed 's/^/# /'
    run "$python" "$SRCDIR/examples/why.py" && grep -q '^line 3, column 20: error' out && grep -q '^the best saves' out
    report $? "examples/why.py ($with)"
    run "$python" "$SRCDIR/examples/best.py" 60 && grep -q 'optimal' out
    report $? "examples/best.py ($with)"
done

# What best.py prints is a dataflow that dcc reads, of the cycles that it says.
cycles=$(awk '$1 == "found" { print $2 }' out)
sed -n '/^Dataflow/,$p' out >found.m
"$DCC" found.m --model vgg16.m --hw paper256.hw --layer CONV2 --set l1.capacity=4KiB --set l2.capacity=512KiB \
    --set offchip.bandwidth=16GB/s --json json >/dev/null 2>log && grep -q "\"cycles\": $cycles,\$" json
report $? "dcc says the same of the dataflow that best.py finds"

# Every function of dcc.h that the module declares has as many arguments there.
cat >arguments.py <<'END'
import re
import sys
from dcc import _library
text = re.sub(r"/\*.*?\*/", "", open(sys.argv[1]).read(), flags=re.S)
wrong = 0
for name, (_, *arguments) in _library._FUNCTIONS.items():
    found = re.search(r"\b%s\(([^)]*)\)" % name, text)
    there = 0 if found and found[1].strip() == "void" else found and found[1].count(",") + 1
    if there != len(arguments):
        print(name, there, len(arguments))
        wrong = 1
sys.exit(wrong)
END
run "${pythons[0]}" arguments.py "$SRCDIR/src/lib/dcc.h"
report $? "the module declares what dcc.h does"

# A library that is not there is said to be so.
PYTHONPATH=$SRCDIR/python LIBDCC=/nowhere/libdcc.so "${pythons[0]}" -c 'import dcc' 2>&1 | grep -q '^ImportError: libdcc is not to be found.*/nowhere/libdcc.so'
report $? "a library that is not there"

# pip, from a copy, as it writes into the folder.
pip=
for python in "${pythons[@]}"; do
    "$python" -c 'import importlib.util as u, sys; sys.exit(not all(map(u.find_spec, ("pip", "setuptools", "wheel"))))' && pip=$python
done
if [ -n "$pip" ]; then
    mkdir tree && cp -r "$SRCDIR/python" "$SRCDIR/configure.ac" tree
    LIBDCC=$BUILD/libdcc.so.0 "$pip" -m pip install --no-index --no-build-isolation --no-deps --root-user-action=ignore \
        --target "$TMPDIR/site" tree/python >log 2>&1 &&
        PYTHONPATH=$TMPDIR/site "$pip" -c 'import dcc, sys; print(dcc.library_path); sys.exit(dcc.build("GEMM", M=4).evaluate()["macs"] != 4)' >out 2>>log &&
        grep -qx "$TMPDIR/site/dcc/libdcc.so.0" out
    report $? "pip install ."
else
    n=$((n + 1))
    echo "ok $n - pip install . # SKIP no pip with setuptools and wheel"
fi
echo "1..$n"
