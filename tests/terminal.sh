#!/bin/bash
# Warnings steered by -W, and what is different on a terminal: colours, and the progress of a sweep.
set -u
BUILD=${BUILD:-$SRCDIR/build}
cd "$TMPDIR" || exit 1
export DCC_PATH=$SRCDIR/dataflows:$SRCDIR/models:$SRCDIR/hardware
unset NO_COLOR
export TERM=xterm

source "$SRCDIR/tests/tap"

# --- warnings: a buffer of 8 bytes is too small, and a constant is not used ---

cp "$SRCDIR/dataflows/kc-p.m" unused.m && echo 'Constant Unused 3;' >>unused.m
run() { "$DCC" unused.m --model alexnet.m --layer CONV2 --hw paper256.hw --set l1.capacity=8B "$@" >/dev/null 2>log; }

# steers STATUS CAPACITY UNUSED OPTION...: how either is said, "no" if it is not
steers() {
    local status=$1 severity check said=0
    local -A want=([capacity]=$2 ["unused-constant"]=$3)
    shift 3
    run "$@"
    [ $? -eq "$status" ] || said=1
    for check in "${!want[@]}"; do
        severity=$(sed -n "s/.*\(warning\|error\): .*\[$check\]\$/\1/p" log)
        [ "${severity:-no}" = "${want[$check]}" ] || said=1
    done
    report $said "dcc $*"
}
steers 0 warning warning
steers 0 warning warning -W all
steers 0 no warning -W no-capacity
steers 1 error warning -W error=capacity
steers 1 error error -W error
steers 1 warning error -W error -W no-error=capacity
steers 1 no error -W no-capacity -W error
steers 0 warning warning -W error -W no-error
steers 0 warning no -W error=capacity -W no-unused-constant -W capacity

# --- columns: a character of Chinese takes two cells, an accent none ---

mkdir named
accent=$'e\xcc\x81' # two characters
for name in 層層 $accent plain; do
    printf '// What it is.\nNetwork "n" {\n}\n' >"named/$name.m"
done
DCC_PATH=$PWD/named "$DCC" --list models >log 2>&1
python3 -c 'import re, unicodedata
cells = lambda text: sum(0 if unicodedata.combining(c) else 1 + (unicodedata.east_asian_width(c) in "WF") for c in text)
lines = [line for line in open("log", encoding="utf-8") if line.endswith(" What it is\n")]
begins = {cells(re.match(r"\S+ +", line)[0]) for line in lines}
assert len(lines) == 3 and len(begins) == 1, begins' 2>>log
report $? "--list: what stands behind the names begins at one cell"

# --- a terminal ---

if [ "$SAN" = 1 ] || ! script -qec true /dev/null </dev/null >log 2>&1; then
    echo "ok $((n + 1)) - a terminal # SKIP sanitizers, or script(1) makes none: $(tail -n 1 log)"
    echo "1..$((n + 1))"
    exit
fi
# terminal COMMAND: its output on one that is 100 columns wide, in log
terminal() { script -qec "stty cols ${columns:-100} 2>/dev/null; $1" /dev/null </dev/null >log 2>&1; }
escape=$(printf '\033')
command="'$DCC' unused.m --model alexnet.m --layer CONV2 --hw paper256.hw --set l1.capacity=8B"

terminal "$command"
grep -q "$escape\[1;35mwarning:$escape\[0m .*\[capacity\]" log && grep -q "$escape\[1;32m *^~*" log
report $? "warnings and places have colours"
terminal "NO_COLOR=1 $command"
grep -q '\[capacity\]' log && ! grep -q "$escape" log
report $? "none with NO_COLOR"
terminal "TERM=dumb $command"
grep -q '\[capacity\]' log && ! grep -q "$escape" log
report $? "none on a terminal that has none"
"$DCC" unused.m --model alexnet.m --layer CONV2 --hw paper256.hw >log 2>&1
! grep -q "$escape" log
report $? "none in a pipe"

# Long enough for progress to be shown more than once.
terminal "'$BUILD/dcc-dse' kc-p.m --model alexnet.m --layer 'CONV*' --hw paper256.hw --no-prune --area 16mm2 \
    --sweep pes=16:512:8 --sweep noc.bandwidth=1:128:1 --sweep l1.capacity=16:2048:32 --sweep l2.capacity=8KiB:1MiB:16KiB"
tr '\r' '\n' <log >lines
grep -q '^\[#*\.*\] *[0-9]*%  .*/s  .*s left' lines && grep -q 'valid  best .* MAC/cycle' lines && grep -q '^dataflow\|designs' lines
report $? "a sweep shows how far it is"

# fits COLUMNS WHAT PATTERN...: each line of progress in log is less than so wide, and is like those
fits() {
    local columns=$1 what=$2 pattern status=0
    shift 2
    tr '\r' '\n' <log | sed -n "s/$escape\[K\$//p" >lines
    python3 -c 'import sys
lines = open("lines", encoding="utf-8").read().splitlines()
sys.exit(not lines or max(map(len, lines)) >= int(sys.argv[1]))' "$columns" || status=1
    for pattern in "$@"; do
        grep -q -- "$pattern" lines || status=1
    done
    report $status "$what, $columns columns"
}
sed 's/CONV5/"the fifth convolution of a network of long names, ünïcödé"/' "$SRCDIR/models/alexnet.m" >long.m
for columns in 24 40 72 100 200; do
    terminal "'$BUILD/dcc-map' --model long.m --layer 'the*' --hw eyeriss.hw --time 1s"
    cut='~'
    [ $columns -lt 200 ] || cut='^the fifth.*ünïcödé (1 of 1): '
    fits $columns "a search" "$cut" '^the'
done
columns=40 terminal "'$BUILD/dcc-dse' --map --model alexnet.m --layer CONV5 --hw eyeriss.hw --sweep pes=64:512:8 --map-time 100ms"
fits 40 "a sweep" '~$' '^\[#*\.*\]'
echo "1..$n"
