#!/bin/bash
# Threads that the system does not let there be: those that there are do all, and the answer is the
# same.
set -u

cd "$TMPDIR" || exit 1
PATH=$BUILD:$PATH
export DCC_PATH=$SRCDIR/dataflows:$SRCDIR/models:$SRCDIR/hardware:$SRCDIR/examples/sched

source "$SRCDIR/tests/tap"

if [ "$SAN" = 1 ] || ! (ulimit -s 3000000 && ulimit -v 2500000) 2>log; then
    skip "threads that cannot be made" "sanitizers, or limits that cannot be set"
    echo "1..$n"
    exit
fi

# none COMMAND...: with stacks so large that no thread can be made; some: so that one can
none() { (ulimit -s 3000000 && ulimit -v 2500000 && exec "$@"); }
some() { (ulimit -s 1500000 && ulimit -v 2500000 && exec "$@"); }

# as_alone WHAT THREADS COMMAND...: what the command writes to "out" and says, but for times and
# rates, as with one thread
as_alone() {
    local what=$1 threads=$2 limit status
    shift 2
    "$@" --threads 1 >said 2>log && plain >alone 2>>log
    report $? "$what: one thread"
    for limit in none some; do
        rm -f out
        $limit "$@" --threads "$threads" >said 2>log
        status=$?
        plain >other 2>>log
        [ $status = 0 ] && cmp alone other >>log
        report $? "$what: $limit of $threads threads"
    done
}
plain() {
    [ -z "$only" ] || { grep -o "\"$only\": [0-9]*" out && return; }
    sed -E 's/"(seconds|bounds|evaluated|refused|passed_over)": ?[-0-9.e+]*//g' out
    sed 's/ *[0-9.e-]* *[mu]\{0,1\}s\>.*//; s/[0-9.]*[kMG]\{0,1\} bounds.*//' said
}
only=
as_alone "a search" 64 dcc-map --model alexnet.m --hw paper256.hw --layer CONV5 --sizes divisors -o out
# the number of the last skeleton tells whether each was somebody's; what ends at a gap is not the
# same for all threads
only=skeletons
as_alone "a search of many skeletons" 7 dcc-map --model alexnet.m --hw ff-eyeriss.hw --layer CONV5 \
    --sizes divisors --objective energy --gap 20% --json out
only=
as_alone "a sweep" 64 dcc-dse kc-p.m --model vgg16.m --layer CONV1 --hw paper256.hw --area 16mm2 \
    --sweep pes=64:512:16 --sweep noc.bandwidth=1:64:4 --sweep l1.capacity=64:2048:64 --front out
as_alone "rows of a sweep" 64 dcc-dse kc-p.m --model vgg16.m --layer CONV1 --hw paper256.hw --no-prune \
    --sweep pes=64:512:16 --sweep noc.bandwidth=1:64:4 --sweep l1.capacity=64:2048:64 --points out
as_alone "a sweep with searches" 64 dcc-dse --map --model alexnet.m --layer CONV5 --hw eyeriss.hw \
    --sweep pes=64,128,168 --front out
as_alone "schedules" 5 dcc-sched --model stream-lab3.m --system stream-bus.hw --json out
{
    echo 'Network "chain" {'
    for i in 1 2 3 4 5 6 7; do
        echo "  Layer CONV$i { Type: CONV; Dimensions { K: 16, C: 16, Y: 14, X: 14, R: 1, S: 1 } }"
    done
    echo '}'
} >chain.m
as_alone "schedules by moves" 5 dcc-sched --model chain.m --system quad.hw --moves 200 --json out

# what is left of the addresses is for the work
(ulimit -s 8192 && ulimit -v 100000 && exec dcc-map --model alexnet.m --hw paper256.hw --layer CONV5 \
    --moves 1000 --threads 64 --json few.json >said 2>log) && [ -s few.json ]
report $? "stacks leave addresses to work in"
echo "1..$n"
