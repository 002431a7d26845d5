#!/bin/bash
# The syntax files: their words are those of the tables, and Vim reads them.  UPDATE=1 writes the words.
set -u
cd "$TMPDIR" || exit 1

source "$SRCDIR/tests/tap"

if ! command -v python3 >/dev/null; then
    echo "1..0 # SKIP no python3"
    exit 0
fi
python3 "$SRCDIR/tests/editors.py" "$SRCDIR" >log 2>&1
report $? "words of the tables"

if command -v nvim >/dev/null; then
    for file in dataflows/kc-p.m models/vgg16.m hardware/ff-gemmini.hw; do
        nvim --headless -i NONE -u NONE -c "set runtimepath^=$SRCDIR/editors/vim" -c 'let g:dcc_lsp = 0' \
            -c 'filetype plugin on' -c 'syntax on' -c "edit $SRCDIR/$file" -c 'call writefile([&filetype], "type")' \
            -c 'call writefile(map(range(1, line("$")), {_, l -> synIDattr(synID(l, indent(l) + 1, 1), "name")}), "groups")' \
            -c 'quitall!' >log 2>&1
        [ "$(cat type)" = dcc ] && grep -q '^dccComment$' groups && grep -q '^dccBlock$' groups && [ ! -s log ]
        report $? "nvim: $file"
    done
    printf 'function y = f(x)\n  Dataflow = struct();\n' >other.m
    nvim --headless -i NONE -u NONE -c "set runtimepath^=$SRCDIR/editors/vim" -c 'filetype plugin on' -c 'edit other.m' \
        -c 'call writefile([&filetype], "type")' -c 'quitall!' >log 2>&1
    [ "$(cat type)" != dcc ]
    report $? "nvim: a file *.m of another language"
else
    skip nvim "it is not installed"
fi
echo "1..$n"
