#!/bin/bash
# Options that cannot be, files that are damaged, output that cannot be written: what both tools say,
# on one line, and their exit status.
set -u
BUILD=${BUILD:-$SRCDIR/build}
cd "$TMPDIR" || exit 1
export DCC_PATH=$SRCDIR/dataflows:$SRCDIR/models:$SRCDIR/hardware

source "$SRCDIR/tests/tap"

# says STATUS MESSAGE COMMAND...: the message, in one line of standard error, and nothing else
says() {
    local status=$1 message=$2
    shift 2
    "$@" >/dev/null 2>log
    [ $? -eq "$status" ] && grep -qF -- "$message" log && [ "$(wc -l <log)" -eq 1 ]
    report $? "${message} ($(basename "$1") ${*: -2})"
}

dcc() { "$DCC" kc-p.m --model alexnet.m --layer CONV2 --hw paper256.hw "$@"; }
dse() { "$BUILD/dcc-dse" kc-p.m --model alexnet.m --layer CONV2 --hw paper256.hw "$@"; }

# --- dcc ---

[ "$("$DCC" --version)" = "dcc $(sed -n 's/^AC_INIT(\[dcc\], \[\(.*\)\])/\1/p' "$SRCDIR/configure.ac")" ] 2>log
report $? "dcc --version"
says 2 "Unknown option --optimise; did you mean '--optimize'?" dcc --optimise energy
says 2 'Unknown option --qqq' dcc --qqq
says 2 '--node -3: must be above 0' dcc --node=-3
says 2 '--node inf: must be above 0' dcc --node inf
echo 'Accelerator "bare" { PEs: 256 }' >bare.hw # names no technology
says 2 '--node 8: the table of nodes does not have 8 nm; there are 130, 90' \
    "$DCC" kc-p.m --model alexnet.m --hw paper256.hw --tech 45nm --node 8
says 2 '--node 7: technology ff-gemmini does not say of which Node it is' \
    "$DCC" ff-gemmini.m --model bert-base.m --hw ff-gemmini.hw --node 7
says 2 '--node: no technology is given' "$DCC" kc-p.m --model alexnet.m --hw bare.hw --node 32
says 2 "no objective 'speed'" dcc --optimize speed
says 2 '--set =3: ' dcc --set =3
says 2 '--set pes: ' dcc --set pes
says 2 '--set pes=1,2: ' dcc --set pes=1,2
says 2 '--set noc9.latency=1: ' dcc --set noc9.latency=1
says 2 '-D =3: ' dcc -D =3
says 2 '-D TileC: ' dcc -D TileC
says 2 '-D TileC=1;2: ' dcc -D 'TileC=1;2'
says 2 "no warning 'capacitee'; did you mean 'capacity'?" dcc -W capacitee
says 2 'the name of a file is empty' "$DCC" '' --hw paper256.hw
for option in --csv --json --html; do
    says 2 'cannot write /dev/full: No space left on device' dcc $option /dev/full
done
says 2 'cannot write standard output: No space left on device' eval 'dcc --csv - >/dev/full'
says 2 'cannot write standard output: No space left on device' eval "'$DCC' --list keys >/dev/full"

# What nothing would come of is refused, and does nothing.
run=("$DCC" kc-p.m --model alexnet.m --layer CONV2 --hw paper256.hw)
"${run[@]}" --json a.json >/dev/null 2>log
for more in '--json x' '--csv x' '--html x' '--model alexnet.m' '--hw paper256.hw' '--layer A' '--set pes=2' \
    '--define A=1' '--detail' '--explain A' '--optimize edp' '--tech 45nm' '--node 7' '--explain-cost' \
    '--area 1mm2' '--power 1mW' '--csv-columns dcc'; do
    for job in '--diff a.json a.json' '--list keys' '--init fresh' "--format $SRCDIR/dataflows/kc-p.m" \
        "--as-hierarchy $SRCDIR/hardware/paper256.hw"; do
        # shellcheck disable=SC2086 # two words
        says 2 "${more%% *} does not go with ${job%% *}" "$DCC" $job $more
    done
done
for more in '--map' '--layer A' '--area 1mm2' '--power 1mW' '--plan' '--no-prune' '--tech 45nm' \
    '--node 7' '--objectives edp' '--threads 2' '--buffers exact' '--map-time 1s' '-W all'; do
    # shellcheck disable=SC2086
    says 2 'merge: of the options only --rows' "$BUILD/dcc-dse" merge a $more
done
for more in '--json x' '--html x' '--front x' '--points x' '--checkpoint x' '--resume x' '--rows 3' '--shard 1/2' \
    '--map' '--map-time 1s' '--map-sizes all'; do
    # shellcheck disable=SC2086
    says 2 "${more%% *} does not go with --plan" dse --sweep pes=64,128 --plan $more
done
for text in '--explain CONV2' --explain-cost --detail --why; do
    for form in csv json html; do
        # shellcheck disable=SC2086
        [ "$text $form" = '--why json' ] || says 2 "${text%% *} does not go with --$form -" dcc $text --$form -
    done
done
dcc --why --json - 2>log | grep -q '"why": ' && dcc --why --json x.json --csv - >got 2>>log && grep -q '"why": ' x.json
report $? "--why goes into JSON"
! [ -e x ] && ! [ -e fresh.m ]
report $? "nothing is written"
says 2 "--diff does not go with --list" "$DCC" --diff a.json a.json --list keys
says 2 "--warn does not go with --diff" "$DCC" --diff a.json a.json -W all
says 2 "--list takes no other word: 'kc-p.m'" "$DCC" --list keys kc-p.m
says 2 "--init takes no other word: 'b'" "$DCC" --init fresh b
says 2 "--explain does not go with --why" dcc --explain CONV2 --why
says 2 "--detail does not go with --explain-cost" dcc --explain-cost --detail
says 2 "--csv-columns goes with --csv" dcc --csv-columns maestro

says 2 'cannot write standard output: No space left on device' eval 'dcc --explain CONV2 >/dev/full'
says 2 'cannot write standard output: No space left on device' \
    eval "'$DCC' kc-p.m x-p.m --model alexnet.m --layer CONV2 --hw paper256.hw >/dev/full"

# What the tools say of themselves is output as any other.
for tool in dcc dcc-dse dcc-map dcc-sched dcc-maestro dcc-lsp dcc-onnx; do
    for word in --help --version; do
        says 2 "$tool: cannot write standard output: No space left on device" eval "'$BUILD/$tool' $word >/dev/full"
        says 2 "$tool: cannot write standard output: Bad file descriptor" eval "'$BUILD/$tool' $word >&-"
    done
done

says 2 'dcc-onnx: unrecognized arguments: --foo' "$BUILD/dcc-onnx" --foo

# --- dcc-dse ---

"$BUILD/dcc-dse" --version 2>log | grep -q '^dcc-dse [0-9.]*$'
report $? "dcc-dse --version"
"$BUILD/dcc-dse" --help 2>log | grep -q -- '--resume=FILE'
report $? "dcc-dse --help"
says 2 'no dataflow or network given' "$BUILD/dcc-dse"
says 2 "Unknown option --sweeps; did you mean '--sweep'?" dse --sweeps pes=1,2
for few in -1 0; do
    says 2 "--threads $few: wants 1 or more" dse --sweep pes=64,128 "--threads=$few"
    says 2 "--node $few: must be above 0" dse --sweep pes=64,128 "--node=$few"
    says 2 "--node $few: must be above 0" dcc "--node=$few"
    for tool in dcc-map dcc-sched; do
        says 2 "--threads $few: wants 1 or more" "$BUILD/$tool" --model alexnet.m "--threads=$few"
        says 2 "--moves $few: wants 1 or more" "$BUILD/$tool" --model alexnet.m "--moves=$few"
    done
    says 2 "--node $few: must be above 0" "$BUILD/dcc-map" --model alexnet.m "--node=$few"
    says 2 "--top $few: wants 1 to 64" "$BUILD/dcc-map" --model alexnet.m "--top=$few"
    says 2 "--spatial $few: wants 1 to 3" "$BUILD/dcc-map" --model alexnet.m "--spatial=$few"
    says 2 "--batch $few: wants 1 to 1000" "$BUILD/dcc-sched" --model alexnet.m "--batch=$few"
    says 2 "--map-moves $few: wants 1 or more" "$BUILD/dcc-sched" --model alexnet.m "--map-moves=$few"
done
says 2 "--rows -1: wants 0 or more" dse --sweep pes=64,128 --rows=-1
says 2 '--node nan: must be above 0' dse --sweep pes=64,128 --node nan
says 2 '--checkpoint is a file' dse --sweep pes=64,128 --checkpoint -
says 2 "--buffers is 'exact' or left out, not 'about'" dse --sweep pes=64,128 --buffers about
says 2 'wants I/N' dse --sweep pes=64,128 --shard 1
says 2 'wants I/N' dse --sweep pes=64,128 --shard 0/2
says 2 'wants I/N' dse --sweep pes=64,128 --shard 1/2/3
says 2 'wants I/N' dse --sweep pes=64,128 --shard one/2
says 2 '--shard 1/99999999: wants I/N, I from 1 to N, N up to 1048576, or slurm' dse --sweep pes=64,128 --shard 1/99999999
says 2 '--shard slurm: 99999999 tasks; there can be 1048576' env SLURM_ARRAY_TASK_ID=1 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_COUNT=99999999 \
    "$BUILD/dcc-dse" kc-p.m --model alexnet.m --layer CONV2 --hw paper256.hw --sweep pes=64,128 --shard slurm
says 2 '--map-time 1e9s: wants less than 1000000000 s' dse --map --sweep pes=64,128 --map-time 1e9s
says 2 '--map-time 0s: wants a time above 0' dse --map --sweep pes=64,128 --map-time 0s
says 2 '--points cannot go on from a checkpoint' dse --sweep pes=64,128 --points p.csv --resume none
says 2 'dcc-dse: cannot read none: No such file or directory' dse --sweep pes=64,128 --resume none
says 2 'dcc-map: cannot read none: No such file or directory' "$BUILD/dcc-map" --model alexnet.m --hw eyeriss.hw --resume none
# An axis is named as it was given, whatever reads its values.
for map in --no-prune --map; do
    says 2 "dcc-dse: --sweep DRAM.bandwidth=8: no key 'DRAM.bandwidth'" dse $map --sweep DRAM.bandwidth=8,16
    says 2 "dcc-dse: --sweep pes=1.5: '1.5' is not an integer" dse $map --sweep pes=1.5,2
    says 2 "dcc-dse: --sweep l1.capacity=1Hz: " dse $map --sweep l1.capacity=64,1Hz
    says 2 "dcc-dse: --sweep Foo=1: no file has a constant 'Foo'" dse $map --sweep Foo=1,2
    says 2 "dcc-dse: --sweep TileC=2;3: an expression is wanted" dse $map --sweep 'TileC=1,2;3'
done
says 2 'wants KEY=VALUES' dse --sweep pes
says 2 'wants KEY=VALUES' dse --sweep =1,2
says 2 'a budget is not swept' dse --sweep budget.area=1mm2,2mm2
says 2 'a value is missing' dse --sweep pes=1,,2
says 2 'wants LO:HI:STEP' dse --sweep pes=a:b:c
says 2 'wants LO:HI:STEP' dse --sweep pes=8:16:four
says 2 'the units do not go together' dse --sweep l1.capacity=1KiB:4MHz:1KiB
says 2 'a factor has no unit' dse --sweep l1.capacity=1KiB:4KiB:*2KiB
says 2 'the step must be above 0' dse --sweep pes=8:16:0
says 2 'the factor must be above 1' dse --sweep pes=0:16:*2
says 2 'more than 2^20 values' dse --sweep noc.bandwidth=1:2000000:1
says 2 "no warning 'none-such'" dse --sweep pes=64,128 -W none-such
says 2 'cannot write /dev/full: No space left on device' dse --sweep pes=64,128 --json /dev/full
says 2 'cannot write /dev/full: No space left on device' dse --sweep pes=64,128 --html /dev/full
says 2 'cannot write /dev/full: No space left on device' dse --sweep pes=64,128 --front /dev/full
says 2 'cannot write /dev/full: No space left on device' dse --sweep pes=64:1024:1 --points /dev/full
says 2 'cannot write missing/p.csv: No such file or directory' dse --sweep pes=64,128 --points missing/p.csv
says 2 'cannot write missing/p.db: ' dse --sweep pes=64,128 --points missing/p.db
says 2 'merge: no checkpoints are given' "$BUILD/dcc-dse" merge
says 2 'merge: of the options only' "$BUILD/dcc-dse" merge a --sweep pes=1,2
says 2 'merge: of the options only' "$BUILD/dcc-dse" merge --points p.csv
says 2 'dcc-dse: cannot read a: No such file or directory' "$BUILD/dcc-dse" merge a
says 2 'dcc-dse: cannot read .: Is a directory' "$BUILD/dcc-dse" merge .
says 2 'dcc: cannot read .: Is a directory' "$DCC" --diff . .

# What has no place in a file begins with the name of the tool that says it.
says 1 "dcc-dse: error: TileC=x: no constant 'x'" dse --sweep TileC=1,x
echo 'Network many {' >many.m
for ((i = 0; i < 1100; i++)); do echo 'Layer L { Type: NOPE Dimensions { K: 8 } }'; done >>many.m
echo '}' >>many.m
told() { # told TOOL OPTION...
    "$BUILD/$1" --set setup=5us "${@:2}" >/dev/null 2>log
    [ $? -eq 1 ] && [ "$(cat log)" = "$1: error: a Setup in seconds needs the machine's Clock [missing-key]" ]
    report $? "$1: a machine of options and files"
}
told dcc kc-p.m --model alexnet.m --hw bare.hw
told dcc-map --model alexnet.m --hw bare.hw
told dcc-dse kc-p.m --model alexnet.m --hw bare.hw --sweep TileC=1,2
for words in 'dcc kc-p.m --model many.m --hw paper256.hw' 'dcc-map --model many.m --hw paper256.hw' \
    'dcc-dse kc-p.m --model many.m --hw paper256.hw --sweep pes=1,2' \
    'dcc-sched --model many.m --system stream-bus.hw' 'dcc-maestro --Mapping_file=many.m --HW_file=paper256.hw'; do
    tool=${words%% *}
    # shellcheck disable=SC2086 # several words
    "$BUILD/$tool" ${words#* } >/dev/null 2>log
    [ $? -eq 1 ] && tail -n 1 log | grep -q "^$tool: [0-9]* more not shown$"
    report $? "$tool: more mistakes than are shown"
done

# --- checkpoints that are damaged ---

axes=(--sweep 'pes=64,128,256' --sweep 'noc.bandwidth=8,16')
dse "${axes[@]}" --checkpoint whole --json whole.json >/dev/null 2>log && [ -s whole ]
report $? "a checkpoint"
dse "${axes[@]}" --resume whole --json again.json >/dev/null 2>log && cmp whole.json again.json >>log
report $? "nothing is left to go on with"

# sealed SCRIPT FILE: what a sed script makes of a checkpoint, with a checksum that holds
sealed() {
    local body
    body=$(sed -E 's/,"sha256":"[0-9a-f]*"\}$//' "$2" | sed -E "$1")
    printf '%s,"sha256":"%s"}\n' "$body" "$(printf '%s' "$body" | sha256sum | cut -d ' ' -f 1)"
}

# damage WHAT SCRIPT: the checkpoint after a change that a sed script makes is none any more, though
# its checksum holds
damage() {
    sealed "$2" whole >damaged
    n=$((n + 1))
    if cmp -s whole damaged; then
        echo "not ok $n - $1: nothing is changed"
        return
    fi
    n=$((n - 1))
    says 2 'damaged is ' dse "${axes[@]}" --resume damaged
}
damage "no JSON" 's/^\{//'
damage "another format" 's/"format":"[^"]*"/"format":"none"/'
damage "a key is gone" 's/"digest":"[^"]*",//'
damage "a number is a word" 's/"done":[0-9]+/"done":"six"/'
damage "more is done than there is" 's/"done":[0-9]+/"done":600/'
damage "less than nothing is done" 's/"done":[0-9]+/"done":-1/'
damage "a shard of none" 's/"shard":[0-9]+/"shard":7/'
damage "too many shards" 's/"shards":[0-9]+/"shards":9999999/'
damage "a front over nothing" 's/"front_over":[0-9]+/"front_over":0/'
damage "a front over what there is not" 's/"front_over":[0-9]+/"front_over":4096/'
damage "axes are no list" 's/"axes":\[.*\]\],/"axes":{},/'
damage "an axis without values" 's/"axes":\[\["pes"[^]]*\]/"axes":[["pes"]/'
damage "a value of an axis is a number" 's/"axes":\[\["pes","64"/"axes":[["pes",64/'
damage "the name of an axis is a number" 's/"axes":\[\["pes"/"axes":[[3/'
damage "findings are gone" 's/"findings":.*$/"findings":{}}/'
damage "a design of no index" 's/"best":\[\[[0-9]+/"best":[[-5/'
damage "a design beyond the last" 's/"best":\[\[[0-9]+/"best":[[6/'
damage "a design without its figures" 's/"best":\[\[[^]]*\]/"best":[[1,2]/'
damage "one best design too few" 's/"best":\[\[[^]]*\],/"best":[/'
damage "a front of numbers" 's/"front":\[\[[^]]*\]/"front":[1/'
damage "a front that is none" 's/"front":\[\[.*$/"front":7}}/'

says 2 'it is a checkpoint of another sweep' dse --sweep pes=64,128 --resume whole
says 2 'it is a checkpoint of another sweep' dse "${axes[@]}" --shard 1/2 --resume whole
dse "${axes[@]}" --shard 1/2 --checkpoint half >/dev/null 2>log
says 2 'it is of another sweep' "$BUILD/dcc-dse" merge half whole
sealed 's/"done":[0-9]+/"done":1/' half >begun
says 2 'it is not done; go on with --resume' "$BUILD/dcc-dse" merge begun
says 2 'shard 2 of 2 is missing' "$BUILD/dcc-dse" merge half

# --- files of a study ---

# study MESSAGE TEXT: a mistake, shown at its place
study() {
    printf '%s\n' "$2" >study.dse
    "$BUILD/dcc-dse" study.dse >/dev/null 2>log
    [ $? -eq 1 ] && grep -qF -- "$1" log
    report $? "a file of a study: $1"
}
study 'nothing in this file but blanks' ''
study 'no Study in this file' 'Study: 3'
study "a file of a study has no key 'Studie'; did you mean 'Study'" 'Studie { }'
study 'a second Study' 'Study { } Study { }'
study 'Model is given twice' 'Study { Model: "a", Model: "b" }'
study 'Model wants one value' 'Study { Model { } }'
study 'Layers wants a list' 'Study { Layers { } }'
study 'an axis is Axis "KEY"' 'Study { Axis "pes" }'
study 'an axis is Axis "KEY"' 'Study { Axis { Values: [1] } }'
study 'From, To and one of Step and Factor' 'Study { Axis "pes" { From: 1, To: 3 } }'
study 'From, To and one of Step and Factor' 'Study { Axis "pes" { From: 1, To: 3, Step: 1, Factor: 2 } }'
study 'From, To and one of Step and Factor' 'Study { Axis "pes" { To: 3, Step: 1 } }'
study 'To wants one value' 'Study { Axis "pes" { From: 1, To: [2, 3], Step: 1 } }'
study 'Step wants one value' 'Study { Axis "pes" { From: 1, To: 3, Step: [1] } }'
study 'Values is given twice' 'Study { Axis "pes" { Values: [1], Values: [2] } }'
study "no objective 'enery'; did you mean 'energy'" 'Study { Objectives: enery }'
study "unexpected ']'" 'Study { Layers: ] }'
study 'pes=1,1: a value stands twice' 'Study { Axis "pes" { Values: [1, 1] } }'
says 2 "no file 'missing.dse'" "$BUILD/dcc-dse" missing.dse

echo "1..$n"
