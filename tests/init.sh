#!/bin/bash
# dcc --init: three files that run as they are, in canonical words, and nothing that was there is
# lost.
set -u

cd "$TMPDIR" || exit 1
PATH=$BUILD:$PATH
export DCC_PATH=$SRCDIR/hardware

source "$SRCDIR/tests/tap"
shown=$TMPDIR/log

dcc --init first >said 2>log && [ -f first.m ] && [ -f first-net.m ] && [ -f first.hw ]
report $? "three files"
dcc first.m --model first-net.m --hw first.hw >out 2>log && grep -q '^CONV2' out && ! [ -s log ]
report $? "they run, without a warning"
! grep -q '@' first.m first-net.m first.hw && grep -q '^first on first (64 PEs' out
report $? "they have the name"
# What is said to be done next can be.
sed -n 's/^    \(dcc.*[^ ]\)  .*/\1/p' said >commands
[ "$(wc -l <commands)" -eq 3 ]
report $? "three commands"
while read -r command; do
    case $command in dcc-map*) command="$command --time 1s" ;; esac
    bash -c "$command" >out 2>log
    report $? "$command"
done <commands

says() {
    local message=$1
    shift
    "$@" >out 2>log
    [ $? -eq 2 ] && grep -qF -- "$message" log && ! [ -s out ]
    report $? "$message"
}

cp first.m before.m
says "first.m is there; give another name" dcc --init first
cmp -s first.m before.m
report $? "nothing is overwritten"
ln -s nowhere second.hw
says "second.hw is there" dcc --init second
[ ! -e second.m ] && [ ! -e nowhere ]
report $? "none is written where one is there"
says "letters, digits" dcc --init 'a b'
says "letters, digits" dcc --init ''
says "letters, digits" dcc --init 'x";}'
says "cannot write nowhere/x.m" dcc --init nowhere/x
mkdir folder && dcc --init folder/x >out 2>log && grep -q '"x"' folder/x.m
report $? "in a folder"
echo "1..$n"
