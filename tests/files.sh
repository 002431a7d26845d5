#!/bin/bash
# shellcheck disable=SC2094 # one file read and written is what this tests
# Nothing that is read or written is lost: outputs and inputs, names of files, checkpoints, bytes
# that are not UTF-8, values of options.
set -u

cd "$TMPDIR" || exit 1
export DCC_PATH=$SRCDIR/dataflows:$SRCDIR/models:$SRCDIR/hardware
PATH=${DCC%/*}:$PATH

source "$SRCDIR/tests/tap"
shown=err

# A technology found by its name, a link to a file, a folder by two names.
mkdir near && cp "$SRCDIR/dataflows/x-p.m" flow.m
cat >near/net.m <<'END'
Network n { Layer A { Type: CONV Dimensions { K: 6, C: 5, R: 3, S: 3, Y: 8, X: 7 } } }
END
cp "$SRCDIR/hardware/paper256.hw" near/chip.hw
tech=tech-$(sed -n 's/^ *Technology: *"\(.*\)".*/\1/p' near/chip.hw).hw && cp "$SRCDIR/hardware/$tech" near/
ln -s near far && ln -s near/net.m link.m && ln near/net.m hard.m
export DCC_PATH=$PWD/near:$DCC_PATH
cat >study.dse <<'END'
Study "s" { Dataflows: ["flow.m"] Model: "net.m" Hardware: "chip.hw" Axis "pes" { Values: [2, 4] } }
END
cp -r near kept && cp flow.m study.dse kept

unchanged() {
    cmp -s near/net.m kept/net.m && cmp -s near/chip.hw kept/chip.hw && cmp -s flow.m kept/flow.m &&
        cmp -s study.dse kept/study.dse && cmp -s "near/$tech" "kept/$tech"
}

# options TOOL: those that name a file to be written, as its help has them
options() { "$1" --help | sed -n 's/^ *\(-[A-Za-z], \)*\(--[a-z-]*\)=FILE.*/\2/p' | grep -vx -e --model -e --hw -e --resume -e --format -e --as-hierarchy; }

# refused TOOL ARGUMENT...: exit status 2, one line, nothing else written
refused() {
    local tool=$1
    shift
    "$tool" "$@" >out 2>err
    [ $? -eq 2 ] && grep -q "^$tool: " err && [ ! -s out ] && unchanged
}
sweep=(flow.m --model net.m --hw chip.hw --sweep "pes=2,4")
run=(flow.m --model net.m --hw chip.hw)

for name in flow.m ./flow.m near/net.m far/net.m link.m hard.m "$PWD/near/net.m" near/chip.hw "near/$tech"; do
    bad=0
    for option in $(options dcc); do refused dcc "${run[@]}" "$option" "$name" || bad=1; done
    for option in $(options dcc-dse); do refused dcc-dse "${sweep[@]}" "$option" "$name" || bad=1; done
    report $bad "no output replaces the input $name"
done
[ "$(options dcc | wc -l)" -ge 3 ] && [ "$(options dcc-dse | wc -l)" -ge 5 ]
report $? "of every option that names an output"
bad=0
for option in $(options dcc-dse); do
    refused dcc-dse study.dse "$option" study.dse || bad=1
    refused dcc-dse study.dse "$option" near/net.m || bad=1
done
report $bad "nor a study's file, nor one that it names"
refused dcc flow.m --model - --hw chip.hw --csv near/net.m <near/net.m
report $? "nor what the standard input is"

rm -f a.out b.out && ln -s a.out b.out
for other in a.out ./a.out near/../a.out b.out; do
    bad=0
    for option in $(options dcc); do
        [ "$option" = --csv ] || refused dcc "${run[@]}" --csv a.out "$option" $other || bad=1
    done
    for option in $(options dcc-dse); do
        [ "$option" = --points ] || refused dcc-dse "${sweep[@]}" --points a.out "$option" $other || bad=1
    done
    [ $bad -eq 0 ] && [ ! -e a.out ]
    report $? "no two outputs are one file that is not there yet: $other"
done
refused dcc-dse "${sweep[@]}" --points p.csv --front p.csv.partial
report $? "nor one by way of which another is written"
cp near/net.m net.csv.partial && ! dcc-dse flow.m --model net.csv.partial --hw chip.hw --sweep pes=2,4 --points net.csv >out 2>err &&
    cmp -s near/net.m net.csv.partial
report $? "nor is an input by way of which an output is written"
dcc "${run[@]}" --csv both >both 2>err
[ $? -eq 2 ] && grep -q 'standard output' err
report $? "nor the file that the standard output is"
dcc "${run[@]}" --csv /dev/null --json /dev/null >out 2>err && [ -c /dev/null ]
report $? "a device may be two of them"

# One file by two names is one file.
cat >whole.m <<'END'
Accelerator a { PEs: 4 }
Network n { Layer L { Type: CONV Dimensions { K: 4, C: 1, R: 1, S: 1, Y: 1, X: 8 } Dataflow { SpatialMap(1,1) K; } } }
END
ln -s whole.m again.m
dcc whole.m >once 2>err && dcc whole.m again.m >twice 2>>err && dcc whole.m ./whole.m >third 2>>err &&
    cmp -s once twice && cmp -s once third
report $? "a file by two names is read once"
ln -s flow.m other.m
dcc "${run[@]}" >once 2>err && dcc flow.m other.m flow.m --model net.m --hw chip.hw >twice 2>>err && cmp -s once twice
report $? "and is one dataflow to choose"

# Checkpoints: any change is seen, and those of others are kept.
for i in 1 2; do dcc-dse "${sweep[@]}" --sweep l1.capacity=256:4096:256 --shard $i/2 --checkpoint shard$i >out 2>err; done
dcc-dse merge shard1 shard2 >out 2>err
report $? "shards are merged"
sed 's/"pes","2"/"pes","3"/' shard2 >damaged && ! cmp -s shard2 damaged && refused dcc-dse merge shard1 damaged && grep -q checksum err
report $? "a changed digit in a shard is refused"
sed 's/checkpoint 3"/checkpoint 2"/' shard2 >damaged && refused dcc-dse merge shard1 damaged && grep -q 'version 0\.2' err
report $? "a shard of version 0.2 is refused, with the reason"
sed 's/checkpoint 3"/checkpoint 1"/' shard2 >damaged && refused dcc-dse merge shard1 damaged && grep -q 'version 0\.1' err
report $? "a shard of version 0.1 is refused, with the reason"
cp shard1 before && refused dcc-dse "${sweep[@]}" --checkpoint shard1 && cmp -s shard1 before && grep -q 'another sweep' err
report $? "the checkpoint of another sweep is not overwritten"
echo notes >notes && refused dcc-dse "${sweep[@]}" --checkpoint notes && [ "$(cat notes)" = notes ]
report $? "nor is a file that is none"
refused dcc-dse merge shard1 shard2 --front shard2 && dcc-dse merge shard1 shard2 >out 2>err
report $? "nor a shard that is merged"

# Names that are not UTF-8 are refused where they stand; option values may be any UTF-8.
printf 'Network "n\351" {\n  Layer A { Type: CONV Dimensions { K: 6, C: 5, R: 3, S: 3, Y: 8, X: 7 } }\n  Layer "\302\233B\351" { Type: CONV Dimensions { K: 6, C: 5, R: 3, S: 3, Y: 8, X: 7 } } }\n' >latin.m
dcc flow.m --model latin.m --hw chip.hw --csv latin.csv >out 2>err
[ $? -eq 1 ] && grep -q '^latin.m:1:11: error: byte 0xE9 is not UTF-8' err && grep -q '^latin.m:3:12: error: byte 0xE9' err &&
    iconv -f UTF-8 -t UTF-8 latin.csv >/dev/null && [ "$(wc -l <latin.csv)" -eq 3 ] && ! grep -q "$(printf '\302\233')" out err
report $? "a name that is not UTF-8 is an error at its place"
dcc-dse flow.m --model latin.m --hw chip.hw --sweep pes=2,4 --checkpoint latin >out 2>err
[ $? -eq 1 ] && [ ! -e latin ] && grep -q '^latin.m:1:11: error: byte 0xE9' err
report $? "and makes no checkpoint"
latin=$(printf 'fl\351w.m') && cp "$SRCDIR/dataflows/kc-p.m" "$latin"
many=("$latin" "${run[@]}" --sweep "pes=64,128")
dcc-dse "${many[@]}" --checkpoint named --json named.json --front named.csv --html named.html >out 2>err &&
    dcc-dse "${many[@]}" --resume named >out 2>>err && iconv -f UTF-8 -t UTF-8 named.json named.csv named.html >/dev/null
report $? "a file may have such a name, which is written in UTF-8"
printf 'Network n { Layer "Gr\303\266\303\237e" { Type: CONV Dimensions { K: 4, C: 1, R: 1, S: 1, Y: 1, X: 8 } } }\n' >utf8.m
bad=0
for locale in C C.UTF-8 POSIX; do
    LC_ALL=$locale dcc flow.m --model utf8.m --hw chip.hw --layer "$(printf 'Gr\303\266\303\237e')" >out 2>err || bad=1
    LC_ALL=$locale dcc flow.m --model utf8.m --hw chip.hw --explain "$(printf 'Gr\303\266\303\237e')" >out 2>>err || bad=1
    LC_ALL=$locale dcc-dse "${sweep[@]}" --model utf8.m --layer "$(printf 'Gr\303\266*')" >out 2>>err || bad=1
done
report $bad "values of options in UTF-8, in any locale"
refused dcc "${run[@]}" --layer "$(printf 'A\351')" && refused dcc-dse "${sweep[@]}" --sweep "$(printf 'l1.capacity=\351')" &&
    grep -q 'is not UTF-8' err
report $? "those that are none are refused"

echo "1..$n"
