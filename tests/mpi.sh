#!/bin/bash
# dcc-dse and dcc-map on the ranks of mpirun, all on this machine: the bytes of one process, whatever
# the number of ranks; ranks that die; mistakes, which are said once.
set -u

cd "$TMPDIR" || exit 1
source "$SRCDIR/tests/tap"
shown=log

if ! [ -e "$BUILD/dcc-mpi.so" ]; then
    echo "1..0 # SKIP dcc was built without Open MPI"
    exit 0
elif ! command -v mpirun >/dev/null || ! command -v python3 >/dev/null; then
    echo "1..0 # SKIP no mpirun, or no python3"
    exit 0
fi

PATH=$BUILD:$PATH
export DCC_PATH=$SRCDIR/dataflows:$SRCDIR/models:$SRCDIR/hardware
# Open MPI leaks a little, and wants to be told that it may run as root.
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 LSAN_OPTIONS=exitcode=0
export OMPI_MCA_btl_vader_single_copy_mechanism=none
ranks() { mpirun --oversubscribe -n "$@" </dev/null; }

# timeless FILE...: without the times and counts that differ between threads, too
timeless() {
    local file
    for file in "$@"; do
        case $file in
        *.json) sed -E 's/"(seconds|bounds|evaluated|refused|passed_over)": ?[-0-9.e+]*/"\1":0/g' "$file" ;;
        *) sed -E '/ designs in .* a second/d; /skeletons, .* s$/d' "$file" ;;
        esac
    done
}
# same WHAT A B FILE...: what the runs A and B have written, each into a folder
same() {
    local what=$1 a=$2 b=$3 file status=0
    shift 3
    for file in "$@"; do
        cmp <(timeless "$a/$file") <(timeless "$b/$file") >>log 2>&1 || { echo "$file" >>log && status=1; }
    done
    report $status "$what"
}

# --- sweeps ---

mkdir one by1 by2 by3 by5
sweep=(dcc-dse kc-p.m yr-p.m --model vgg16.m --layer 'CONV1*' --hw paper256.hw --sweep pes=64:512:8
    --sweep noc.bandwidth=2:64:2 --sweep l1.capacity=256:4096:64 --sweep l2.capacity=64KiB:512KiB:64KiB --area 40mm2)
to() { echo "--json $1/s.json --html $1/s.html --front $1/s.csv"; }
# shellcheck disable=SC2046 # options, on purpose
"${sweep[@]}" $(to one) >one/out 2>log
report $? "a sweep by one process"
for count in 1 2 3 5; do
    # shellcheck disable=SC2046
    ranks $count "${sweep[@]}" --threads 1 $(to by$count) >by$count/out 2>log
    same "the same by $count ranks" one by$count out s.json s.html s.csv
done

few=(dcc-dse kc-p.m --model vgg16.m --layer CONV11 --hw paper256.hw --sweep pes=64:512:8
    --sweep noc.bandwidth=2:64:2 --sweep l2.capacity=64KiB:2048KiB:128KiB)
"${few[@]}" --points one/p.csv >/dev/null 2>log && "${few[@]}" --points one/p.db >/dev/null 2>>log
ranks 3 "${few[@]}" --points by3/p.csv >/dev/null 2>>log && ranks 2 "${few[@]}" --points by3/p.db >/dev/null 2>>log
same "--points, in their order, as CSV and as a database" one by3 p.csv p.db
"${few[@]}" --no-prune --shard 2/3 --checkpoint one/shard >/dev/null 2>log
ranks 2 "${few[@]}" --no-prune --shard 2/3 --checkpoint by2/shard >/dev/null 2>>log
same "a shard" one by2 shard
mpirun --oversubscribe -n 3 dcc-dse kc-p.m --model - --layer CONV11 --hw paper256.hw --sweep pes=64:512:8 \
    --json by3/pipe.json <"$SRCDIR/models/vgg16.m" >/dev/null 2>log
dcc-dse kc-p.m --model vgg16.m --layer CONV11 --hw paper256.hw --sweep pes=64:512:8 --json one/pipe.json >/dev/null 2>>log
same "the standard input is everybody's" one by3 pipe.json

cat >small.m <<'EOF'
Network "small" {
  Layer "one" { Type: CONV, Dimensions { K: 16, C: 8, Y: 10, X: 10, R: 3, S: 3 } }
  Layer "two" { Type: CONV, Dimensions { K: 8, C: 8, Y: 9, X: 9, R: 3, S: 3 }, Count: 3 }
  Layer "three" { Type: GEMM, Dimensions { M: 16, N: 8, K: 16 } }
}
EOF
mapped=(dcc-dse --map --model small.m --layer two --hw paper256.hw --set offchip.bandwidth=4GB/s --threads 1
    --sweep 'pes=16,64' --sweep 'l1.capacity=256,1KiB' --sweep 'l2.capacity=8KiB,32KiB')
all=(--objectives 'edp,area')
"${mapped[@]}" --json one/m.json >one/out 2>log && "${mapped[@]}" "${all[@]}" --points one/m.csv >/dev/null 2>>log
ranks 3 "${mapped[@]}" --json by3/m.json >by3/out 2>>log
same "--map: the best design by 3 ranks" one by3 out m.json
ranks 2 "${mapped[@]}" "${all[@]}" --points by3/m.csv >/dev/null 2>log
same "--map: every design by 2 ranks" one by3 m.csv

# --- searches ---

net=(dcc-map --model small.m --hw paper256.hw --set offchip.bandwidth=4GB/s --set l1.capacity=1KiB --set l2.capacity=32KiB)
"${net[@]}" --json one/n.json -o one/n.m --html one/n.html >one/out 2>log
report $? "a network by one process"
for count in 3 5; do
    ranks $count "${net[@]}" --threads 1 --json by$count/n.json -o by$count/n.m >by$count/out 2>log
    same "the same by $count ranks" one by$count out n.json n.m
done
front=(--layer three --objective 'energy,runtime') best=(--layer three --top 4 --objective runtime)
"${net[@]}" "${front[@]}" --front one/f.csv >/dev/null 2>log && "${net[@]}" "${best[@]}" --json one/t.json >/dev/null 2>>log
ranks 3 "${net[@]}" "${front[@]}" --front by3/f.csv >/dev/null 2>>log
ranks 2 "${net[@]}" "${best[@]}" --json by3/t.json >/dev/null 2>>log
same "a front, and the four best" one by3 f.csv t.json
ranks 3 dcc-map --model vgg16.m --layer CONV2 --hw eyeriss.hw --threads 1 --time 700ms --json limit.json >out 2>log &&
    python3 -c '
import json
run = json.load(open("limit.json"))["layers"][0]
assert not run["optimal"] and 0 < run["bound"] < run["value"], run' 2>>log
report $? "--time: not the least, and a bound below it"

# --- ranks that die ---

# die NAME RANK COMMAND...: starts it on 3 ranks with a checkpoint of that name, and kills the rank once the
# checkpoint is there; mpirun goes on in the background
die() {
    local name=$1 rank=$2 process
    shift 2
    NAME_OF_RUN=$name ranks 3 "$@" --threads 1 --checkpoint "$name" >"$name.out" 2>"$name.log" &
    for _ in $(seq 100); do
        [ ! -s "$name" ] || break
        sleep 0.05
    done
    sleep 0.15
    for process in $(pgrep -x "$1"); do
        tr '\0' '\n' 2>/dev/null <"/proc/$process/environ" |
            grep -x -e "OMPI_COMM_WORLD_RANK=$rank" -e "TMPDIR=$TMPDIR" -e "NAME_OF_RUN=$name" >found
        [ "$(wc -l <found)" != 3 ] || kill -9 "$process"
    done 2>>log
}
large=(dcc-dse kc-p.m --model vgg16.m --layer CONV11 --hw paper256.hw --no-prune --sweep pes=64:512:8 --sweep noc.bandwidth=2:64:1
    --sweep l1.capacity=256:4096:64 --sweep l2.capacity=64KiB:4096KiB:64KiB --sweep noc.latency=1:8:1)
search=(dcc-map --model vgg16.m --layer CONV11 --hw eyeriss.hw)
"${large[@]}" --json one/l.json >/dev/null 2>log && "${search[@]}" -o one/k.m >/dev/null 2>>log
report $? "a sweep and a search that are whole"
mkdir two
die two.kept 2 "${large[@]}" --json two/l.json
first=$!
die zero.kept 0 "${large[@]}" --json by2/l.json
second=$!
die map.kept 1 "${search[@]}" -o by3/k.m
third=$!
! wait $first && ! [ -e two/l.json ] && cat two.kept.log >>log && grep -q 'go on with --resume two.kept' two.kept.log &&
    python3 -c 'import json; assert json.load(open("two.kept"))["findings"]["seen"] > 0' 2>>log
report $? "a rank of a sweep dies: so does the run, with what it had"
! wait $second && ! [ -e by2/l.json ]
report $? "rank 0 of a sweep dies: so does the run"
! wait $third
report $? "a rank of a search dies: so does the run"
"${large[@]}" --resume two.kept --json two/l.json >/dev/null 2>>log
same "one process goes on with a sweep" one two l.json
ranks 2 "${large[@]}" --threads 1 --resume zero.kept --json by2/l.json >/dev/null 2>>log
same "two ranks go on with a sweep" one by2 l.json
ranks 2 "${search[@]}" --threads 1 --resume map.kept -o by3/k.m >/dev/null 2>>log
same "two ranks go on with a search" one by3 k.m

# --- mistakes ---

# once STATUS MESSAGE COMMAND...: said by one rank alone; mpirun need not wait for those that end
once() {
    local status=$1 message=$2
    shift 2
    OMPI_MCA_odls_base_sigkill_timeout=0 "$@" >out 2>log
    [ $? -eq "$status" ] && [ "$(grep -c "$message" log)" = 1 ]
    report $? "said once: $message"
}
once 2 "no file 'none.m'" ranks 2 dcc-map --model none.m --hw eyeriss.hw
once 2 'rank 1 has another command line, or reads other files' \
    mpirun --oversubscribe -n 1 "${few[@]}" : -n 1 "${few[@]}" --define TileC=2
mkdir bare && cp "$BUILD/dcc-dse" bare
once 2 'for which dcc was built without dcc-mpi.so' ranks 2 bare/dcc-dse kc-p.m --model vgg16.m --hw paper256.hw --sweep pes=64,128
# --- threads that cannot be made ---

cat >none.c <<'END'
#include <stdlib.h>
#include <string.h>

void *g_thread_new(const char *name, void *(*function)(void *), void *data);
void *g_thread_try_new(const char *name, void *(*function)(void *), void *data, void **error);

void *g_thread_try_new(const char *name, void *(*function)(void *), void *data, void **error)
{
    const char *rank = getenv("OMPI_COMM_WORLD_RANK");
    (void) error;
    return rank && strcmp(rank, getenv("NONE_IN")) == 0 ? NULL : g_thread_new(name, function, data);
}
END
if [ "$SAN" = 1 ] || ! ${CC:-cc} -shared -fPIC -o none.so none.c 2>log; then
    skip "ranks without threads" "sanitizers, or no compiler"
else
    # without RANK COMMAND...: by three ranks, one of which can make no thread
    without() { NONE_IN=$1 LD_PRELOAD=$PWD/none.so ranks 3 "${@:2}" --threads 2 2>log; }
    mkdir none lone
    # shellcheck disable=SC2046
    without 0 "${sweep[@]}" $(to none) >/dev/null
    same "a sweep, the first rank without threads" one none s.json s.html s.csv
    found=(dcc-map --model alexnet.m --layer 'CONV*' --hw eyeriss.hw --sizes divisors)
    "${found[@]}" -o lone/found.m >/dev/null 2>log
    without 0 "${found[@]}" -o none/found.m >/dev/null
    same "a search, the first rank without threads" lone none found.m
    without 1 "${found[@]}" -o none/found.m >/dev/null
    [ $? = 130 ] && grep -q 'rank 1 has ended: no thread can be made' log
    report $? "another rank without threads ends with a message"
fi
echo "1..$n"
