#!/bin/bash
# dcc-dse as a user runs it: the case study in small, its designs against dcc, pruning, threads,
# shards, checkpoints, interruption, files that cannot be written, mistakes.
set -u
SRCDIR=${SRCDIR:-$(cd "$(dirname "$0")/.." && pwd)}
BUILD=${BUILD:-$SRCDIR/build}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 1
PATH=$BUILD:$PATH
unset DCC_PATH

source "$SRCDIR/tests/tap"

# near A B: equal to within 1e-9
near() { awk -v a="$1" -v b="$2" 'BEGIN { d = a - b; if (d < 0) d = -d; exit !(a > 0 && d <= 1e-9 * a) }'; }

# The paper's case study with coarser steps.
study=(kc-p.m --model vgg16.m --layer CONV2 --hw paper256.hw --area 16mm2 --power 450mW
    --sweep pes=32:512:32 --sweep noc.bandwidth=2:128:6
    --sweep l1.capacity=32:4096:160 --sweep l2.capacity=2KiB:1MiB:25KiB)

dcc-dse "${study[@]}" --json all.json --front front.csv --points points.csv >out 2>log
report $? "the case study in small"
[ "$(dcc-dse "${study[@]:0:7}" --sweep pes=64,128 --points /dev/stdout 2>log | grep -c '^[01],')" = 2 ]
report $? "--points /dev/stdout, into a pipe"
head -n 1 front.csv | grep -q '^index,pes,noc.bandwidth,l1.capacity,l2.capacity,.*cycles.*energy_pj.*area_mm2,power_mw'
report $? "columns of the front"
valid=$(awk -F': |,' '/"valid"/ { print $2 }' all.json)
[ "$valid" -gt 100 ] && [ "$(wc -l <points.csv)" -eq $((valid + 1)) ]
report $? "a row for every valid design"
[ -s out ] && grep -q 'designs in .* a second' out && ! grep -q $'\r\|\033' out log
report $? "rates are printed, and no progress in a pipe"

# table FILE TABLE: of a database, as CSV
cat >table.c <<'END'
#include <sqlite3.h>
#include <stdio.h>
int main(int argc, char **argv)
{
    sqlite3 *file;
    sqlite3_stmt *rows;
    char select[64];
    snprintf(select, sizeof select, "SELECT * FROM %s ORDER BY rowid", argv[argc - 1]);
    if (sqlite3_open_v2(argv[1], &file, SQLITE_OPEN_READONLY, 0) != SQLITE_OK ||
        sqlite3_prepare_v2(file, select, -1, &rows, 0) != SQLITE_OK)
        return 1;
    int n = sqlite3_column_count(rows);
    for (int k = 0; k < n; k++)
        printf("%s%s", sqlite3_column_name(rows, k), k + 1 < n ? "," : "\r\n");
    while (sqlite3_step(rows) == SQLITE_ROW)
        for (int k = 0; k < n; k++) {
            if (sqlite3_column_type(rows, k) == SQLITE_FLOAT)
                printf("%.15g", sqlite3_column_double(rows, k));
            else if (sqlite3_column_type(rows, k) != SQLITE_NULL)
                printf("%s", (const char *) sqlite3_column_text(rows, k));
            printf("%s", k + 1 < n ? "," : "\r\n");
        }
    return sqlite3_finalize(rows) != SQLITE_OK;
}
END
read -ra sqlite <<<"$("${PKG_CONFIG:-pkg-config}" --cflags --libs sqlite3)"
"${CC:-cc}" -o table table.c "${sqlite[@]}" 2>log
report $? "a reader of databases"
echo 'an older file' >front.db
dcc-dse "${study[@]}" --front front.db --points points.sqlite >/dev/null 2>log &&
    ./table front.db front | cmp front.csv - 2>>log && ./table points.sqlite points | cmp points.csv - 2>>log
report $? "databases have what the CSV has"
(
    trap '' XFSZ
    ulimit -f 8
    dcc-dse "${study[@]}" --points full.sqlite3 >/dev/null 2>log
    [ $? -eq 2 ] && grep -q 'cannot write full.sqlite3: ' log && ! ls full.* 2>/dev/null
)
report $? "a database that cannot be written whole is not kept"
mkdir there.db
dcc-dse "${study[@]}" --front there.db >/dev/null 2>log
[ $? -eq 2 ] && grep -q 'a database is a regular file' log
report $? "a database in place of a folder"

# dcc_total FILE KEY: the total of the last object of that name
dcc_total() { awk -v key="\"$2\"" '$1 == key ":" { inside = 1 } inside && $1 == "\"total\":" { sub(",", "", $2); value = $2; inside = 0 } END { print value }' "$1"; }

# Every fifth design of the front, as dcc sees it; fields by number as the header has them.
failed=0 seen=0
while IFS=, read -r _ pes bandwidth l1 l2 _ _ cycles _ _ _ energy _ area power; do
    dcc kc-p.m --model vgg16.m --layer CONV2 --hw paper256.hw --set "pes=$pes" \
        --set "noc.bandwidth=$bandwidth" --set "l1.capacity=$l1" --set "l2.capacity=$l2" \
        --json dcc.json >log 2>&1 || failed=1
    grep -q "\"cycles\": $cycles," dcc.json || failed=1
    near "$(dcc_total dcc.json energy_pj)" "$energy" || failed=1
    near "$(dcc_total dcc.json area_mm2)" "$area" || failed=1
    near "$(dcc_total dcc.json power_mw)" "${power%$'\r'}" || failed=1
    grep -q '\[capacity\]' log && failed=1
    seen=$((seen + 1))
done < <(awk 'NR % 5 == 2' front.csv)
[ "$seen" -gt 3 ] && [ "$failed" -eq 0 ]
report $? "dcc gives the designs of the front the same figures"

dcc-dse "${study[@]}" --html figure.html >/dev/null 2>log && dcc-dse "${study[@]}" --html again.html >/dev/null &&
    [ "$(grep -c '<svg' figure.html)" -eq 6 ] && ! grep -q 'http\|<script' figure.html && cmp figure.html again.html
report $? "the page needs nothing else, and is the same each time"
rows=$(($(wc -l <front.csv) - 1))
[ "$(grep -c '<tr id="d[0-9]*">' figure.html)" -eq "$rows" ] &&
    [ "$(grep -c 'class="mark front' figure.html)" -eq $((6 * rows)) ] && grep -q 'Front over runtime, energy, area' figure.html
report $? "a mark in each plot and a row for each design of the front"
for axes in throughput,power:1 edp:1 runtime,energy,area,power:3; do
    dcc-dse "${study[@]}" --objectives ${axes%:*} --html axes.html >/dev/null 2>axes.log &&
        [ "$(sed -n '/id="front"/,/<\/section>/p' axes.html | grep -c '<svg')" -eq ${axes#*:} ] || echo "$axes"
done >log 2>&1
[ ! -s log ] && grep -q 'power, W over time, s' axes.html && ! grep -q 'nan' axes.html
report $? "axes are the objectives"

counted='"skipped"|"evaluated"'
dcc-dse "${study[@]}" --no-prune --json none.json >/dev/null 2>log
diff <(grep -Ev "$counted" all.json) <(grep -Ev "$counted" none.json) >log
report $? "without pruning: the same optima, front and number of valid designs"

for threads in 1 2 5; do
    dcc-dse "${study[@]}" --threads "$threads" --json threads.json >/dev/null 2>log
    dcc-dse "${study[@]}" --json pruned.json >/dev/null 2>log
    cmp threads.json pruned.json >log
    report $? "$threads threads"
done

for i in 1 2 3; do dcc-dse "${study[@]}" --shard $i/3 --checkpoint "shard$i" >/dev/null 2>log; done
dcc-dse merge shard3 shard1 shard2 --json merged.json --front merged.csv >/dev/null 2>log &&
    cmp merged.json pruned.json >log && cmp merged.csv front.csv >log
report $? "three shards come to the whole"
dcc-dse merge shard1 >/dev/null 2>log
[ $? -eq 2 ] && grep -q 'shards 2-3 of 3 are missing' log
report $? "all shards that are missing are named"
dcc-dse merge shard1 shard3 >/dev/null 2>log
[ $? -eq 2 ] && grep -q 'shard 2 of 3 is missing' log
report $? "a missing shard is found"
dcc-dse merge shard1 shard2 shard2 >/dev/null 2>log
[ $? -eq 2 ] && grep -q 'given twice' log
report $? "a shard given twice is found"
head -c 200 shard1 >torn
dcc-dse merge torn >/dev/null 2>log
[ $? -eq 2 ] && grep -q 'not a whole checkpoint' log
report $? "a torn checkpoint is not taken for a whole one"

# Long enough to be interrupted; where the machine is faster, there is nothing to see.
long=(kc-p.m --model vgg16.m --layer CONV2 --hw paper256.hw --area 16mm2 --no-prune
    --sweep pes=64:512:16 --sweep noc.bandwidth=2:128:2 --sweep l1.capacity=64:4096:32
    --sweep l2.capacity=16KiB:4MiB:16KiB)
dcc-dse "${long[@]}" --checkpoint state --front cut.csv >out 2>log &
sleep 0.1
kill -INT $!
wait $!
status=$?
if [ "$status" -eq 0 ]; then
    echo "ok $((++n)) - interrupted # SKIP it was done already"
else
    [ "$status" -eq 130 ] && [ ! -e cut.csv ] && [ -s cut.csv.partial ] && grep -q 'interrupted after' log &&
        grep -q 'not reached yet' out
    report $? "interrupted: what is known is written and said to be partial"
fi
# Not before there are rows: with every point written it takes minutes.
dcc-dse "${long[@]}" --points cut.db --front best.db >out 2>log &
while [ "$(stat -c %s cut.db.partial 2>/dev/null || echo 0)" -lt 10000000 ] && kill -0 $! 2>/dev/null; do sleep 0.05; done
kill -INT $!
wait $!
status=$?
if [ "$status" -eq 0 ]; then
    echo "ok $((++n)) - interrupted databases # SKIP it was done already"
else
    [ "$status" -eq 130 ] && [ ! -e cut.db ] && [ ! -e best.db ] &&
        ./table cut.db.partial points >cut.txt && ./table best.db.partial front >best.txt &&
        [ "$(wc -l <cut.txt)" -gt 1 ] && [ "$(wc -l <best.txt)" -gt 1 ]
    report $? "interrupted: databases can be read and are said to be partial"
fi
# Stopped inside of one plane, by whatever asks to end, soon.
plane=(kc-p.m --model vgg16.m --layer CONV2 --hw paper256.hw --sweep pes=64
    --sweep l1.capacity=64:40000:1 --sweep l2.capacity=256:65536:16)
stopped() { # stopped SIGNAL OPTION...: exit status 130, within 0.2 s as this machine is now
    local signal=$1 began
    shift
    dcc-dse "${plane[@]}" "$@" >out 2>log &
    sleep 0.5
    while [ -n "$await" ] && [ ! -s "$await" ] && kill -0 $! 2>/dev/null; do sleep 0.05; done
    began=$(date +%s%N)
    kill -"$signal" $!
    wait $!
    status=$?
    took=$((($(date +%s%N) - began) / 1000000))
    echo "status $status after $took ms" >>log
    [ "$status" -eq 130 ] && [ "$took" -lt "$soon" ]
}
await=
soon=$((SAN == 1 ? 2000 : 600)) # others may be at work
for signal in INT TERM HUP; do
    [ -z "$(trap -p $signal)" ] || continue # under nohup it is ignored
    stopped $signal --points /dev/null
    report $? "SIG$signal in a plane whose designs are written"
done
await=plane
stopped TERM --no-prune --checkpoint plane --sweep noc.bandwidth=2:100:1 && [ -s plane ]
report $? "SIGTERM in planes, with a checkpoint"
grep -q 'go on with --resume plane$' log
report $? "how to go on is said"
await=listed
stopped TERM --no-prune --checkpoint listed --points /dev/null --sweep noc.bandwidth=2:100:1 &&
    grep -q 'go on with --resume listed, without --points$' log
report $? "and what must be left out"
dcc-dse "${study[@]}" --checkpoint listed.2 --points listed.csv --json listed.json >/dev/null 2>log &&
    dcc-dse "${study[@]}" --resume listed.2 --threads 1 --rows 3 --json again.json >/dev/null 2>>log && cmp listed.json again.json >>log
report $? "a run whose designs are written can be gone on from without them"
dcc-dse "${study[@]}" --resume listed.2 --points more.csv >out 2>log
[ $? -eq 2 ] && grep -q 'leave out --points, or' log && [ ! -s out ] && [ ! -e more.csv ]
report $? "and is not with them"
dcc-dse "${long[@]}" --resume state --json resumed.json >/dev/null 2>log &&
    dcc-dse "${long[@]}" --json whole.json >/dev/null 2>log && cmp resumed.json whole.json >log
report $? "resumed: the same as in one go"
dcc-dse "${study[@]}" --resume state >/dev/null 2>log
[ $? -eq 2 ] && grep -q 'another sweep' log
report $? "a checkpoint of another sweep is refused"

if [ -c /dev/full ]; then
    dcc-dse "${study[@]}" --points /dev/full >/dev/null 2>log
    [ $? -eq 2 ] && grep -q 'No space left' log && [ -c /dev/full ]
    report $? "out of disk"
    began=$(date +%s%N)
    dcc-dse "${plane[@]}" --points /dev/full >/dev/null 2>log
    [ $? -eq 2 ] && grep -q 'No space left' log && [ $((($(date +%s%N) - began) / 1000000)) -lt $((soon + 1000)) ]
    report $? "out of disk is told at once"
fi

began=$(date +%s%N)
(trap '' XFSZ && ulimit -f 1000 && exec dcc-dse "${plane[@]}" --points large.csv >/dev/null 2>log)
[ $? -eq 2 ] && grep -q 'cannot write large.csv' log && [ $((($(date +%s%N) - began) / 1000000)) -lt $((soon + 1500)) ]
report $? "so is a file that cannot grow"
for option in --front --json --html --checkpoint; do
    dcc-dse "${plane[@]}" --points /dev/null $option missing/file >out 2>log
    [ $? -eq 2 ] && grep -q 'cannot write missing/file' log && [ ! -s out ]
    report $? "and what cannot be made, $option"
done

dcc-dse c-p.m kc-p.m yr-p.m --model vgg16.m --hw paper256.hw --buffers exact \
    --sweep pes=64:256:64 --sweep noc.bandwidth=8,32 --objectives throughput,energy --json several.json >out 2>log &&
    grep -q '"space": 24' several.json && grep -q '"valid": 24' several.json
report $? "several dataflows, a whole network, exact buffers"

dcc-dse c-p.m kc-p.m yr-p.m --model - --hw <(cat "$SRCDIR/hardware/paper256.hw") --buffers exact \
    --sweep pes=64:256:64 --sweep noc.bandwidth=8,32 --objectives throughput,energy --json piped.json \
    <"$SRCDIR/models/vgg16.m" >out 2>log && diff <(grep -v '"hardware"' several.json) <(grep -v '"hardware"' piped.json) >>log
report $? "files are read once: standard input and a pipe do as well"

# What the paper observes of its Figure 13, of our designs: YR-P, layer CONV11.
# best OBJECTIVE KEY: a figure of the best design, or its value on an axis
best() {
    awk -v objective="  \"$1\": {" -v key="\"$2\":" '
        / "best": \{/ { inside = 1 }
        inside && index($0, objective) == 1 { here = 1 }
        here && $1 == key { gsub(/[",]/, "", $2); print $2; exit }' figure.json
}
# holds EXPRESSION: of awk
holds() { awk "BEGIN { exit !($1) }"; }

dcc-dse yr-p.m --model vgg16.m --layer CONV11 --hw paper256.hw --area 16mm2 --power 450mW \
    --sweep pes=8:256:8 --sweep noc.bandwidth=2:128:2 --sweep l1.capacity=16:4096:16 \
    --sweep l2.capacity=16KiB:1MiB:16KiB --json figure.json >out 2>log
holds "$(best energy pes) < $(best throughput pes)"
report $? "Figure 13: the best energy uses fewer PEs than the best throughput"
holds "$(best energy l2_bytes) + $(best energy pes) * $(best energy l1_bytes) > 4 * ($(best throughput l2_bytes) + $(best throughput pes) * $(best throughput l1_bytes))"
report $? "Figure 13: and several times the SRAM"
holds "$(best energy power_mw) > 2 * $(best throughput power_mw)"
report $? "Figure 13: and more than twice the power"
holds "$(best edp edp_js) < 0.7 * $(best throughput edp_js) && $(best edp cycles) > 1.5 * $(best throughput cycles)"
report $? "Figure 13: the best EDP is far better, at a lower throughput"

dcc-dse kc-p.m --model vgg16.m --layer CONV2 --hw paper256.hw --sweep pes=64,256 \
    --sweep noc.bandwidth=4:160:4 --sweep l2.capacity=16KiB:4MiB:*4 --points saturated.csv >out 2>log
awk -F, 'NR > 1 { if (!($2 in most) || $7 < most[$2]) most[$2] = $7; at[$2, $3] = $7; if ($4 == "16KiB") small[$2, $3] = $7; if ($4 == "4096KiB") large[$2, $3] = $7 }
    END { for (k in small) if (small[k] != large[k]) exit 1
          exit !(at["256", "160"] < 1.01 * most["256"] && at["256", "4"] > 4 * most["256"] && at["64", "80"] < 1.001 * at["64", "160"]) }' saturated.csv
report $? "Figure 13: throughput wants bandwidth until it is saturated; larger buffers do not raise it"

cat >study.dse <<'END'
// the same study, as a file
Study "case II" {
  Dataflows: ["kc-p.m"]
  Model: "vgg16.m"
  Hardware: "paper256.hw"
  Layers: ["CONV2"]
  Area: 16 mm2
  Power: 450 mW
  Axis "pes" { From: 32, To: 512, Step: 32 }
  Axis "noc.bandwidth" { Values: [1, 2] }
  Axis "l1.capacity" { From: 32, To: 4096, Step: 160 }
  Axis "l2.capacity" { From: 2 KiB, To: 1 MiB, Step: 25 KiB }
}
END
dcc-dse study.dse --sweep noc.bandwidth=2:128:6 --json file.json >out 2>log
cmp file.json pruned.json >log
report $? "a .dse file; the command line goes before it"

# wrong MESSAGE BODY: a mistake in a .dse file is shown at its place
wrong() {
    printf 'Study {\n %s\n}\n' "$2" >wrong.dse
    dcc-dse wrong.dse >out 2>log
    [ $? -eq 1 ] && grep -q -- "^wrong.dse:2:.*error: $1" log
    report $? "a .dse file: $1"
}
wrong "Study has no key 'Modell'; did you mean 'Model'" 'Modell: "vgg16.m"'
wrong 'Area is given twice' 'Area: 1 mm2, Area: 2 mm2'
wrong 'Area wants one value' 'Area: [1, 2]'
wrong 'an axis has Values, or From, To and one of Step and Factor' 'Axis "pes" { From: 8 }'
wrong "pes=64 \* 2:512:64: wants LO:HI:STEP, .* or A,B,C; '64 \* 2' is no number" 'Axis "pes" { From: 64 * 2, To: 512, Step: 64 }'
wrong 'pes=8:4:1: the range is empty' 'Axis "pes" { From: 8, To: 4, Step: 1 }'
wrong "Axis has no key 'Stepp'; did you mean 'Step'" 'Axis "pes" { Values: [1], Stepp: 1 }'
wrong 'an axis has either Values or From and To' 'Axis "pes" { Values: [1], From: 1 }'
wrong 'a second axis pes' 'Axis "pes" { Values: [1] } Axis "pes" { Values: [2] }'
wrong "no objective 'tim'" 'Objectives: [tim]'
wrong 'at least one is wanted' 'Objectives: []'
wrong "Buffers is 'exact' or left out, not 'inexact'" 'Buffers: inexact'

whole='Dataflows: ["kc-p.m"], Model: "vgg16.m", Hardware: "paper256.hw", Layers: ["CONV2"]'
wrong 'TileC=4/0: division by zero' "$whole Axis \"TileC\" { Values: [1, 2, 4/0] }"
grep -q '^wrong.dse:2:116: ' log
report $? "at the place of the third value"
wrong 'noc.bandwidth=0: .*must be above 0' "$whole Axis \"noc.bandwidth\" { Values: [1, 2, 0] }"
wrong 'a text among the values of TileC is more than one value' "$whole Axis \"TileC\" { Values: [1, \"2, 3\"] }"
printf 'Study { %s Axis "TileC" { Values: [1, min(2,3), 4] } }\n' "$whole" >min.dse
dcc-dse min.dse --json min.json >out 2>log && dcc-dse kc-p.m --model vgg16.m --hw paper256.hw --layer CONV2 \
    --sweep 'TileC=1,min(2,3),4' --json commas.json >out 2>>log && cmp min.json commas.json >>log &&
    grep -q '"space": 3' min.json
report $? "a comma in parentheses is part of a value"

printf 'Study { Dataflows: ["kc-p.m"], Model: "vgg16.m", Hardware: "paper256.hw"\n' >area.dse
printf ' Axis "pes" { Values: [64] }, Area: 16 pJ }\n' >>area.dse
dcc-dse area.dse >out 2>log
[ $? -eq 2 ] && grep -q '^dcc-dse: area.dse: --set budget.area=16pJ: ' log
report $? "a .dse file whose values cannot be used"

# mistake STATUS MESSAGE ARGUMENT...: what is wrong is said
mistake() {
    local status=$1 message=$2
    shift 2
    dcc-dse kc-p.m --model vgg16.m --layer CONV2 --hw paper256.hw "$@" >out 2>log
    [ $? -eq "$status" ] && grep -q -- "$message" log
    report $? "mistake: $message"
}
mistake 2 'wants LO:HI:STEP' --sweep pes=8:16
mistake 2 'the range is empty' --sweep pes=16:8:1
mistake 2 "wants LO:HI:STEP, .* or A,B,C; '64\*2' is no number" --sweep 'pes=64*2:512:64'
mistake 2 "wants LO:HI:STEP, .* or A,B,C; '1/2' is no number" --sweep noc.bandwidth=1:4:1/2
mistake 2 "wants LO:HI:STEP, .* or A,B,C; '2\*2' is no number" --sweep 'pes=64:512:*2*2'
mistake 2 "wants LO:HI:STEP, .* or A,B,C; 'Tile' is no number" --sweep TileC=1:Tile:1
mistake 2 "wants LO:HI:STEP, .* or A,B,C; '' is no number" --sweep pes=64::2
mistake 2 "there is no unit 'kib'; did you mean 'KiB'" --sweep l2.capacity=1kib:4KiB:1KiB
mistake 2 "there is no unit 'Foo'$" --sweep l2.capacity=1Foo:4Foo:1Foo
mistake 2 "the units do not go together: KiB and none" --sweep l2.capacity=1KiB:4KiB:1
mistake 2 "the units do not go together: none and KiB" --sweep l2.capacity=1:4KiB:1
mistake 2 "the units do not go together: KiB and MHz" --sweep 'l2.capacity=1KiB:4MHz:*2'
mistake 2 'a factor has no unit' --sweep 'l2.capacity=1KiB:4KiB:*2KiB'
dcc-dse "${study[@]:0:7}" --sweep 'l2.capacity= 1MiB : 4 MiB: * 2 ' --json blanks.json >out 2>log &&
    dcc-dse "${study[@]:0:7}" --sweep 'l2.capacity=1MiB:4MiB:*2' --json range.json >out 2>>log && cmp blanks.json range.json >>log
report $? "blanks in a range"
mistake 2 'the factor must be above 1' --sweep 'pes=1:8:*1'
mistake 2 'swept already' --sweep pes=8,16 --sweep pes=32,64
mistake 2 'a value stands twice' --sweep pes=64,64
mistake 2 "no key 'noc.bandwith'; did you mean 'noc.bandwidth'" --sweep noc.bandwith=1,2
mistake 2 "no file has a constant 'TileD'" --sweep TileD=1,2
mistake 2 'noc.bandwidth must be above 0' --sweep noc.bandwidth=0:8:1
mistake 2 'noc.bandwidth must be above 0' --sweep noc.bandwidth=1,2,0
mistake 2 'TileC=4x: an expression is wanted' --sweep TileC=1,2,4x
mistake 1 'TileC=4/0: division by zero' --sweep TileC=1,2,4/0
mistake 1 "TileC=Tile: no constant 'Tile'" --sweep TileC=1,2,Tile
mistake 2 "no objective 'speed'" --objectives speed
mistake 2 'exclude each other' --buffers exact --sweep l1.capacity=1,2
mistake 2 'wants I/N' --shard 4/3
# Designs that are not valid: how many, why, by how much.
kinds() { dcc-dse kc-p.m --model vgg16.m --layer CONV2 --hw paper256.hw "$@" >out 2>log; }
kinds --sweep pes=8,16,64 && [ "$(wc -l <log)" -eq 1 ] &&
    grep -q '^dcc-dse: 2 of 3 designs have no legal mapping; the first of them, pes=8: the clusters need 64 PEs, there are 8' log
report $? "some designs without a mapping: told once, and no failure"
why() { # why MESSAGE OPTION...: nothing is valid
    local message=$1
    shift
    kinds "$@" --checkpoint why
    [ $? -eq 1 ] && grep -q "^dcc-dse: $message" log && grep -q '^No design is valid' out
    report $? "nothing is valid: $message"
    dcc-dse merge why >out 2>log
    [ $? -eq 1 ] && grep -q "^dcc-dse: ${message%%;*}" log
    report $? "and after merging"
    rm -f why
}
why '4 of 4 designs have no legal mapping; .*pes=2: the clusters need 64 PEs' --sweep pes=2,4,8,16
why '[0-9] of 4 designs have no legal mapping; .*pes=2: the clusters need 64 PEs' --sweep pes=2,4,8,16 --area 0.05mm2
# A budget of just what a design has: sums in another order differ by rounding.
exact() {
    local pes l1 l2 area power
    for pes in 3 7 11 57 100 113 168 199; do
        l1=$((700 + pes * 37 % 1300)) l2=$((2000 + pes * 977 % 190000))
        set -- --layer CONV2 --hw paper256.hw --tech 28nm --set "l1.capacity=$l1" --set "l2.capacity=$l2"
        dcc x-p.m --model alexnet.m "$@" --set pes=$pes --json one.json >/dev/null 2>&1
        read -r area power < <(python3 -c 'import json; t = json.load(open("one.json"))["total"]
print(t["area_mm2"]["total"], t["power_mw"]["total"])')
        for budget in --area="${area}mm2" --power="${power}mW"; do
            dcc x-p.m --model alexnet.m "$@" --set pes=$pes "$budget" >/dev/null 2>>log &&
                dcc-dse x-p.m --model alexnet.m "$@" --sweep pes=$pes "$budget" >/dev/null 2>>log || return 1
        done
    done
}
exact
report $? "a design is within a budget of just what it has"
why '2 of 2 designs have an area over the budget of 0.5 mm2; the least .* times as much' --sweep pes=64,128 --area 0.5mm2
why '2 of 2 designs have a power over the budget of 1 mW; the least .* times as much' --sweep pes=64,128 --power 1mW --no-prune
why '6 of 6 designs have an L1 that is too small; the least that would do has [0-9]* bytes' --sweep l1.capacity=1,2 --sweep l2.capacity=1MiB,2MiB,4MiB
why '6 of 6 designs have an L2 that is too small; the least that would do has [0-9]* bytes' --sweep l1.capacity=1KiB,2KiB --sweep l2.capacity=1,2,4
# A budget that is missed by little, as printed.
for figure in area_mm2:area:mm2 power_mw:power:mW; do
    IFS=: read -r column name unit <<<"$figure"
    kinds --sweep pes=64 --points close.csv
    close=$(python3 -c 'import csv, sys; print(repr(float(list(csv.DictReader(open("close.csv")))[0][sys.argv[1]]) * (1 - 1e-9)))' "$column")
    kinds --sweep pes=64 "--$name=$close$unit"
    [ $? -eq 1 ] && read -r budget least times < <(sed -n 's/.* budget of \([0-9.]*\) .* at least \([0-9.]*\) .*, \([0-9.]*\) times.*/\1 \2 \3/p' log) &&
        python3 -c 'import sys; b, l, t = map(float, sys.argv[1:]); sys.exit(not (l > b and t > 1))' "$budget" "$least" "$times"
    report $? "nothing is valid: $name that is over the budget by little is seen to be"
done
kinds --sweep pes=2,4 --area 0.0001mm2
[ $? -eq 1 ] && grep -q 'of those over a budget some have no legal mapping; the first of them, pes=2: the clusters need 64 PEs' log
report $? "nothing is valid: what a budget hides"

cp "$SRCDIR/hardware/paper256.hw" constant.hw && echo 'Constant Banks 4;' >>constant.hw
mistake 2 'a constant of a file with hardware' --hw constant.hw --sweep Banks=1,2
mistake 2 'no technology' --hw constant.hw --tech 3nm
mistake 2 'area is not known: technology 45nm has no figure for pes, l1, l2' --tech 45nm
mistake 1 'the clusters need 64 PEs' --sweep pes=8:48:8
dcc-dse kc-p.m --model vgg16.m --layer CONV11 --hw paper256.hw --sweep pes=64:512:64 --rows 0 >out 2>log &&
    grep -q '^Front over runtime, energy, area: [0-9]* designs$' out && ! grep -q '^front ' out
report $? "--rows 0: none of the front is printed"
# Part of the area has a figure, none of the power.
{
    sed 's/Technology: .*/Technology: "partly"/' "$SRCDIR/hardware/paper256.hw"
    cat <<'END'
Technology "partly" { Width: 8 bit
  MAC { Energy: 1 pJ Source: "a test" }
  L1 { Read: 1 pJ Write: 1 pJ Source: "a test" }
  L2 { Read: 5 pJ Write: 5 pJ Area: 2 um2/B Source: "a test" }
  OffChip { Energy: 50 pJ Source: "a test" } }
END
} >partly.hw
partly=(kc-p.m --model vgg16.m --layer CONV11 --hw partly.hw --sweep "l2.capacity=8MiB,9MiB"
    --objectives "runtime,energy")
dcc-dse "${partly[@]}" --json part.json --front part.csv --points part.db --html part.html >out 2>log &&
    [ "$(grep -c '^"*\(throughput\|energy\|edp\|1 \).* >=[0-9.]*  *-$' out)" -eq 4 ] && ! grep -q '^area\|^power' out
report $? "area and power that are not known in full: the table"
! grep -q '"area_mm2": [0-9]\|"power_mw": [0-9]\|^  "area"\|^  "power"' part.json && grep -q '"area_mm2": null' part.json &&
    [ "$(grep -c ',,'$'\r' part.csv)" -eq 1 ] && ./table part.db points | tail -n 1 | grep -q ',,'$'\r' &&
    ! grep -q 'area, mm2\|power, W' part.html
report $? "and JSON, CSV, a database, HTML"
dcc-dse "${partly[@]}" --json part.json >/dev/null 2>log
for k in 1 2; do
    dcc-dse "${partly[@]}" --shard $k/2 --checkpoint part.$k >/dev/null 2>>log
done
dcc-dse merge part.1 part.2 --json joined.json >/dev/null 2>>log && cmp joined.json part.json >>log
report $? "and checkpoints that are merged"
for wanted in --objectives=area --area=1mm2 --objectives=runtime,power --power=1W; do
    mistake 2 'is not known: technology partly has no figure for pes' --hw partly.hw --sweep pes=64,128 "$wanted"
done
sed '/^ *Clock/d' "$SRCDIR/hardware/paper256.hw" >clockless.hw
mistake 1 "a Setup in seconds needs the machine's Clock" --hw clockless.hw --sweep setup=1us,3us
# --- many machines ---

sweep=(kc-p.m --model vgg16.m --layer CONV11 --hw paper256.hw --sweep pes=64:512:8)
for task in 10 12 14; do
    SLURM_ARRAY_TASK_ID=$task SLURM_ARRAY_TASK_MIN=10 SLURM_ARRAY_TASK_COUNT=3 SLURM_ARRAY_TASK_STEP=2 \
        dcc-dse "${sweep[@]}" --shard slurm --checkpoint task.$task >/dev/null 2>log || break
done
dcc-dse "${sweep[@]}" --json whole.json >/dev/null 2>>log
dcc-dse merge task.14 task.10 task.12 --json merged.json >/dev/null 2>>log && cmp whole.json merged.json >>log
report $? "--shard slurm: a task each"
dcc-dse "${sweep[@]}" --shard slurm >/dev/null 2>log
[ $? -eq 2 ] && grep -q 'no task of a job array' log
report $? "--shard slurm: no task"
SLURM_ARRAY_TASK_ID=7 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_COUNT=3 dcc-dse "${sweep[@]}" --shard slurm >/dev/null 2>log
[ $? -eq 2 ] && grep -q 'must follow each other' log
report $? "--shard slurm: an array with gaps"
dcc-dse "${sweep[@]}" --plan >out 2>log && grep -q '^  designs  *57$' out && grep -q '^  time  *[0-9]' out &&
    grep -q 'size of that, CSV' out
report $? "--plan"
dcc-dse "${sweep[@]}" --sweep noc.bandwidth=1:4096:1 --sweep l2.capacity=1KiB:16384KiB:1KiB \
    --sweep l1.capacity=64B:4096B:64B --sweep offchip.bandwidth=1GB/s:4096GB/s:1GB/s --plan >out 2>log &&
    grep -q '^  designs  *1.00P$' out && grep -qE '^  time  +[0-9.e+]+ (days|years)' out
report $? "--plan: 10^15 designs"
echo "1..$n"
