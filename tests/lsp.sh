#!/bin/bash
# dcc-lsp: a client of our own (lsp.py), and Neovim, where it is installed.  LSP_SECONDS is how long edits
# are made at random, LSP_SEED which ones.
set -u
cd "$TMPDIR" || exit 1
export DCC_PATH=$SRCDIR/dataflows:$SRCDIR/models:$SRCDIR/hardware

source "$SRCDIR/tests/tap"

if ! command -v python3 >/dev/null; then
    echo "1..0 # SKIP no python3"
    exit 0
fi
python3 "$SRCDIR/tests/lsp.py" "$BUILD/dcc-lsp" "$DCC" "$TMPDIR/files" "${LSP_SECONDS:-3}" "${LSP_SEED:-$(date +%s)}" \
    >log 2>&1
cat log
n=$(grep -c -E '^(not )?ok' log)
grep -q '^ok 11 - edits at random' log
report $? "every test was run"

[ "$("$BUILD/dcc-lsp" --version)" = "dcc-lsp $("$DCC" --version | cut -d ' ' -f 2)" ]
report $? "--version"
"$BUILD/dcc-lsp" --modle x </dev/null >log 2>&1
[ $? -eq 2 ] && grep -q "did you mean '--model'" log
report $? "an option that there is not"

if ! command -v nvim >/dev/null; then
    skip Neovim "it is not installed"
    echo "1..$n"
    exit 0
fi
cat >wrong.m <<'END'
// dcc: --model vgg16.m --hw eyeriss.hw
Dataflow "é" { SpatialMpa(1,1) K; TemporalMap(Sz(R),1) Y }
END
cat >wanted <<'END'
file type: dcc
finding: 1:16-1:26 dcc [unknown-key] no directive 'SpatialMpa' in Dataflow; did you mean 'SpatialMap'?
action: Change to 'SpatialMap'
findings: 0
hover: level 0, layer CONV1 on eyeriss
line: // dcc: --model vgg16.m --hw eyeriss.hw
line: Dataflow "é" {
line:   SpatialMap(1, 1) K;
line:   TemporalMap(Sz(R), 1) Y;
line: }
END
PATH=$BUILD:$PATH HOME=$TMPDIR XDG_STATE_HOME=$TMPDIR timeout 60 nvim --headless -i NONE -u NONE \
    -c "set runtimepath^=$SRCDIR/editors/vim" -c 'filetype plugin on' -c "luafile $SRCDIR/tests/lsp.lua" >log 2>&1
diff wanted seen >>log 2>&1
report $? "Neovim"
echo "1..$n"
