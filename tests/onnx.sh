#!/bin/bash
# dcc-onnx: what each kind of operation becomes, with its MACs by hand, mistakes, and the models of
# peers and of Debian, where they are at hand; tests/onnxmodels.py makes the models.
set -u

read -r python <"$BUILD/dcc-onnx"
python=${python#"#!"}

source "$SRCDIR/tests/tap"
cd "$TMPDIR" || exit 1

if ! $python -c 'import onnx' 2>/dev/null; then
    # What is said then; dcc-onnx itself must run.
    if $python -c '' 2>/dev/null; then
        "$BUILD/dcc-onnx" none.onnx >log 2>&1
        [ $? -eq 2 ] && grep -q "^dcc-onnx: .*python3-onnx" log
        report $? "what is missing is said"
    fi
    n=$((n + 1))
    echo "ok $n - dcc-onnx # SKIP no python3-onnx"
    echo "1..$n"
    exit 0
fi
export DCC_PATH=$SRCDIR/dataflows:$SRCDIR/models:$SRCDIR/hardware
exec $python "$SRCDIR/tests/onnxmodels.py"
