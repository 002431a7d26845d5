#!/bin/bash
# dcc-maestro in the place of MAESTRO: its options, where and what it writes, a search's loop, and
# how long a call takes.
set -u

source "$SRCDIR/tests/tap"
shown=$TMPDIR/log
cd "$TMPDIR" || exit 1
ln -s "$BUILD/dcc-maestro" maestro

cat >17.m <<'END'
Network one {
  Layer FIRST { Type: CONV
    Dimensions { K: 16, C: 8, Y: 18, X: 18, R: 3, S: 3 }
    Dataflow { SpatialMap(1,1) K; TemporalMap(8,8) C; TemporalMap(3,3) R; TemporalMap(3,3) S;
               TemporalMap(1,1) Y'; TemporalMap(1,1) X'; Cluster(4, P); SpatialMap(1,1) C; } }
  Layer SECOND { Type: CONV
    Dimensions { K: 16, C: 8, Y: 18, X: 18, R: 3, S: 3 }
    Dataflow { SpatialMap(2,1) K; } }
}
END
maestro() { ./maestro "$@" >out 2>log; }

# column FILE ROW NAME: a figure by the name of its column
column() {
    tr -d '\r' <"$1" | awk -F, -v row="$2" -v name="$3" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) at = i }
        NR == row + 1 { print $at }'
}

maestro --Mapping_file=17.m --num_pes=64 --print_res=false
[ $? = 1 ] && [ ! -s out ]
report $? "a layer that is refused: exit status 1, and nothing on standard output"
[ "$(tr -d '\r' <17.csv | awk -F, '{ print NF }' | sort -u)" = 52 ] && [ "$(wc -l <17.csv)" = 3 ]
report $? "52 columns, a row for each layer"
[ "$(column 17.csv 2 ' Layer Number')" = SECOND ] && [ "$(column 17.csv 2 ' Runtime (Cycles)')" = -1 ] &&
    [ "$(column 17.csv 2 ' NumPEs')" = 64 ]
report $? "the runtime of a layer that is refused is -1"
grep -q '17.m:8:16: error: .*\[overlap\]' log
report $? "why it is refused, and where"

"$DCC" 17.m --hw <(echo 'Accelerator "m" { PEs: 64 Precision: 8 bit NoC 0 { Latency: 0 } }') --tech 28nm \
    --layer FIRST --csv dcc.csv --csv-columns maestro >out 2>&1
[ "$(sed -n 2p 17.csv)" = "$(sed -n 2p dcc.csv)" ]
report $? "the row is that of dcc --csv-columns maestro"
for name in ' Area' ' Power' ' Activity count-based Energy (nJ)'; do
    awk -v x="$(column 17.csv 1 "$name")" 'BEGIN { exit !(x > 0) }'
    report $? "'$name' is above 0: $(column 17.csv 1 "$name")"
done

maestro --Mapping_file=17.m --num_pes=64 --print_res=false
[ "$(wc -l <17.csv)" = 5 ] && [ "$(grep -c '^Neural Network Name' 17.csv)" = 1 ]
report $? "rows are added to a file that is there"
mkdir -p a/b/c/d
cp 17.m a/b/18.m.txt
maestro --Mapping_file a/b/18.m.txt --print_res 0 --print_res_csv_file=on
[ -f 18.csv ]
report $? "the file is named as MAESTRO names it, and values may stand in words of their own"
cp 17.m a/b/c/19.m
maestro --Mapping_file=a/b/c/19.m --print_res=false
[ $? = 2 ] && grep -q "cannot write c/19.csv" log
report $? "a folder that is not there"
cp 17.m own.csv
maestro --Mapping_file=own.csv --print_res=false
[ $? = 2 ] && cmp -s 17.m own.csv
report $? "the mapping itself is not written to"
maestro --Mapping_file=17.m --num_pes=64 --print_res_csv_file=false
grep -q '^FIRST' out && grep -q '^SECOND' out
report $? "--print_res is dcc's table"

# Options make the machine, and a hardware file goes before those that it may have.
runtime() {
    rm -f 17.csv
    maestro --Mapping_file=17.m --print_res=false "$@"
    column 17.csv 1 ' Runtime (Cycles)'
}
wide=$(runtime --num_pes=64 --noc_bw_cstr=64) narrow=$(runtime --num_pes=64 --noc_bw_cstr=1) far=$(runtime --num_pes=64 --noc_hops=2 --noc_hop_latency=9)
top=$(runtime --num_pes=64 --noc_bw_cstr=1 --top_bw_only=true) old=$(runtime --num_pes=64 --noc_bw=1)
[ "$narrow" -gt "$top" ] && [ "$top" -gt "$wide" ] && [ "$narrow" = "$old" ] && [ "$far" -gt "$wide" ]
report $? "--noc_bw_cstr, cut off too, --top_bw_only and --noc_hop_latency: $wide $narrow $top $far cycles"
printf 'num_pes: 64\nl1_size_cstr: 1000\nl2_size_cstr: 30000\nnoc_bw_cstr: 1\noffchip_bw_cstr: 50\nNoC_NumHops: 1\n' >machine
file=$(runtime --HW_file=machine --num_pes=4 --noc_bw_cstr=64)
[ "$(column 17.csv 1 ' NumPEs')" = 64 ] && [ "$file" -ge "$narrow" ]
report $? "--HW_file"
lanes=$(runtime --num_pes=64 --num_simd_lanes=8) step=$(runtime --num_pes=64 --set noc.prefetch=step)
[ "$lanes" -lt "$wide" ] && [ "$step" -gt "$lanes" ]
report $? "--num_simd_lanes, and dcc's own --set"

# What is wrong with a command line.
refused() { # refused WHAT ARGUMENT...
    local want=$1
    shift
    maestro "$@"
    [ $? = 2 ] && grep -qF -- "$want" log && [ ! -s out ]
    report $? "refused: $*: $want"
}
refused "did you mean '--num_pes'?" --Mapping_file=17.m --num_pez=4
refused "no option --zzzzzzzz" --Mapping_file=17.m --zzzzzzzz=4
refused "is the beginning of 2 options" --Mapping_file=17.m --max=4
refused "wants a whole number" --Mapping_file=17.m --num_pes=four
refused "wants a whole number" --Mapping_file=17.m --num_pes=-4
refused "wants true or false" --Mapping_file=17.m --print_res=maybe
refused "wants a number" --Mapping_file=17.m --area_constraint=x
refused "wants a value" --Mapping_file
refused "options begin with --" 17.m
refused "no --Mapping_file" --num_pes=4
refused "no option --" --
refused "nowhere.m" --Mapping_file=nowhere.m
refused "up to 2147483647" --Mapping_file=17.m --num_pes=2147483648
refused "not UTF-8" --Mapping_file=17.m --set $'\xff=1'
maestro --Mapping_file=17.m --num_pes=64 --print_res=false --print_log_file=true --verbose=1 --do_dse=no --pe_tick=4 \
    --area_constraint=1e6 --optimization_target=energy --full_buffer=false --msg_print_lv=0 --bw_sweep=false
[ $? = 1 ] && [ ! -e log.txt ]
report $? "MAESTRO's options that mean nothing here are taken"
wide=$(runtime --num_pes=64 --noc_bw_cstr=64 --noc_mc_support=true --num_simd_lanes=1 --noc_hop_latency=1)
lone=$(runtime --num_pes=64 --noc_bw_cstr=64 --noc_mc_support=no --num_simd_lanes=1 --noc_hop_latency=1)
[ "$lone" -gt "$wide" ]
report $? "--noc_mc_support: $wide and $lone cycles"
./maestro --version | grep -q '^dcc-maestro ' && ./maestro --help | grep -q Mapping_file
report $? "--version and --help"

# MAESTRO's own mappings, where they are at hand: a row for each layer of all of them.
peers=$SRCDIR/../shared/peers/maestro
if [ -d "$peers" ]; then
    for file in "$peers"/mapping/*.m; do
        cp "$file" peer.m
        rm -f peer.csv
        timeout 60 ./maestro --Mapping_file=peer.m --HW_file="$peers/hw/accelerator_1.m" --print_res=false >out 2>log
        [ $? -le 1 ] && [ "$(grep -cE '^[[:space:]]*Layer[[:space:]]' peer.m)" = $(($(wc -l <peer.csv) - 1)) ]
        report $? "$(basename "$file")"
    done
else
    n=$((n + 1))
    echo "ok $n - MAESTRO's own mappings # SKIP $peers is not here"
fi

if ! command -v python3 >/dev/null; then
    n=$((n + 1))
    echo "ok $n - a search's loop # SKIP no python3"
    echo "1..$n"
    exit 0
fi
for kind in "" older; do
    # shellcheck disable=SC2086  # one word, or none
    python3 "$SRCDIR/tests/maestro.py" ./maestro "$DCC" $kind >out 2>log
    report $? "a search's loop${kind:+, with the options and columns of before}"
    cat out
done
if [ "$SAN" = 1 ] || [ -n "${LINK_FLAGS:-}" ]; then
    n=$((n + 1))
    echo "ok $n - how long a call takes # SKIP not with these flags"
elif ldd "$BUILD/dcc-maestro" >/dev/null 2>&1; then
    n=$((n + 1))
    echo "ok $n - how long a call takes # SKIP GLib has no static library here; $(python3 "$SRCDIR/tests/maestro.py" ratio "$BUILD/dcc-maestro" "$DCC" 2>&1)"
else
    read -r ratio call version < <(python3 "$SRCDIR/tests/maestro.py" ratio "$BUILD/dcc-maestro" "$DCC" 2>log)
    awk -v ratio="${ratio:-9}" 'BEGIN { exit ratio > 1.5 }'
    report $? "a call takes $ratio times as long as dcc --version: $call ms and $version ms"
fi
echo "1..$n"
