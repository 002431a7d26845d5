#!/bin/bash
# What a shell offers behind the tools' options: bash, and zsh and fish where they are installed.
set -u

cd "$TMPDIR" || exit 1
PATH=$BUILD:$PATH
export DCC_PATH=$SRCDIR/dataflows:$SRCDIR/models:$SRCDIR/hardware

source "$SRCDIR/tests/tap"
shown=$TMPDIR/offered

# offers WANTED WORD...: behind the words, the last of which is begun, WANTED is offered
offers() {
    local wanted=$1
    shift
    COMP_WORDS=("$@")
    COMPREPLY=()
    _dcc "$1" "${*: -1}" "${COMP_WORDS[$# - 2]}"
    printf '%s\n' "${COMPREPLY[@]}" >offered
    grep -qxF -- "$wanted" offered
    report $? "bash: $*: $wanted"
}

source "$SRCDIR/completions/dcc.bash"
touch mine.m
offers --model dcc --mo
offers --why dcc --w
offers --map-time dcc-dse --map
offers --gap dcc-map --g
offers --model dcc-lsp --mo
offers vgg16.m dcc --model vgg
offers mine.m dcc --model mi
offers eyeriss.hw dcc-dse --hw eye
offers yr-p.m dcc yr
offers mine.m dcc mi
offers pes= dcc --set pe
offers l1.capacity= dcc-dse --sweep l1.
offers metrics dcc --list m
offers edp dcc --optimize e
offers divisors dcc-map --sizes d
offers capacity dcc -W cap
offers CONV2 dcc --model vgg16.m --why CONV2
offers FC1 dcc --model vgg16.m --layer FC

if command -v fish >/dev/null; then
    for want in "dcc --model vgg:vgg16.m" "dcc --wh:--why" "dcc-map --sizes d:divisors" "dcc --set l1.cap:l1.capacity="; do
        fish -c "source $SRCDIR/completions/dcc.fish; complete -C '${want%%:*}'" 2>offered | cut -f 1 >>offered
        grep -qxF -- "${want#*:}" offered
        report $? "fish: $want"
    done
else
    skip "fish" "it is not installed"
fi
if command -v zsh >/dev/null; then
    zsh -n "$SRCDIR/completions/_dcc" 2>offered
    report $? "zsh reads it"
else
    skip "zsh" "it is not installed"
fi
echo "1..$n"
