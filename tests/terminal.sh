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

# --- a terminal ---

if [ "$SAN" = 1 ] || ! script -qec true /dev/null </dev/null >log 2>&1; then
    echo "ok $((n + 1)) - a terminal # SKIP sanitizers, or script(1) makes none: $(tail -n 1 log)"
    echo "1..$((n + 1))"
    exit
fi
# terminal COMMAND: its output on one that is 100 columns wide, in log
terminal() { script -qec "stty cols 100 2>/dev/null; $1" /dev/null </dev/null >log 2>&1; }
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
echo "1..$n"
