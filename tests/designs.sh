#!/bin/bash
# Designs of sweeps over axes of all kinds, some drawn of each, evaluated one by one by dcc with
# --set and -D: cycles, time, energy, EDP, area, power and capacities must be the same.
set -u
cd "$TMPDIR" || exit 1
PATH=$BUILD:$PATH
unset DCC_PATH
number=0

# The network has layers that are alike, one of another operator, one that is sparse; constants that
# dataflows use, that layers use, that another constant uses.
cat >net.m <<'END'
Constant Wide 12;
Network "net" {
  Layer A { Type: CONV Padding { X: 1, Y: 1 } Dimensions { N: 1, K: 24, C: 12, R: 3, S: 3, Y: 14, X: 14 } Count: 2 }
  Layer B { Type: CONV Stride { X: 2, Y: 2 } Dimensions { N: 1, K: 16, C: Wide, R: 3, S: 3, Y: 15, X: 13 } }
  Layer C { Type: CONV Padding { X: 1, Y: 1 } Dimensions { N: 1, K: 24, C: 12, R: 3, S: 3, Y: 14, X: 14 } Count: 3 }
  Layer D { Type: CONV Dimensions { N: 1, K: 20, C: 12, R: 1, S: 1, Y: 9, X: 9 } Density { Input: 0.4 } }
  Layer E { Type: GEMM Dimensions { M: 6, N: 30, K: 40 } }
}
END
cat >one.m <<'END'
Constant Tile 4;
Constant Twice 2 * Tile;
Dataflow "one" { SpatialMap(1,1) K; TemporalMap(Twice,Twice) C; TemporalMap(Sz(R),Sz(R)) R;
  TemporalMap(Sz(S),Sz(S)) S; TemporalMap(3,3) Y'; TemporalMap(1,1) X'; Cluster(Tile); SpatialMap(1,1) C; }
Dataflow "one" for GEMM { SpatialMap(1,1) N; TemporalMap(Tile,Tile) K; TemporalMap(1,1) M; Cluster(Tile);
  SpatialMap(1,1) K; }
END
cat >two.m <<'END'
Constant Tile 4;
Dataflow "two" { SpatialMap(1,1) Y'; TemporalMap(Tile,Tile) K; TemporalMap(4,4) C; TemporalMap(2,2) X'; }
Dataflow "two" for GEMM { SpatialMap(Tile,Tile) M; TemporalMap(5,5) N; TemporalMap(8,8) K; }
END
cat >chip.hw <<'END'
Accelerator "chip" { PEs: 32 Clock: 800 MHz Precision { Input: 8 bit, Weight: 8 bit, Output: 16 bit }
  Technology: "28nm"
  OffChip { Bandwidth: 3 GB/s }
  NoC 0 { Bandwidth: 8 Latency: 2 Hops: 2 }
  NoC 1 { Bandwidth: 4 } }
END

# total FILE: the figures of the whole network, a line each: "energy_pj.total 1234"
total() {
    awk '/^ "total": \{/ { inside = 1; next }
        /^ \}/ { inside = 0 }
        inside { match($0, /^ */); depth = RLENGTH - 2; line = $0; gsub(/[",:{]/, " ", line)
            split(line, word, " "); name[depth] = word[1]; path = ""
            for (d = 0; d <= depth; d++) path = path (d ? "." : "") name[d]
            if (word[2] != "" && word[1] != "}") print path, word[2] }' "$1"
}

# differs ROW FILE: what of a design, as "name value" lines, is not in dcc's report of it
differs() {
    awk 'function far(a, b) { d = a - b; if (d < 0) d = -d; m = a < 0 ? -a : a; return d > 1e-9 * m }
        NR == FNR { dcc[$1] = $2; next }
        { key = $1 }
        key == "energy_pj" { key = "energy_pj.total" }
        key == "area_mm2" { key = "area_mm2.total" }
        key == "power_mw" { key = "power_mw.total" }
        key == "edp_js" { key = "edp" }
        key in dcc && ($2 == "") != (dcc[key] == "null") {
            print key " is \"" $2 "\" for dcc-dse, " dcc[key] " for dcc"; seen++; next }
        key in dcc && far($2, dcc[key]) { print key " is " $2 " for dcc-dse, " dcc[key] " for dcc" }
        key ~ /^(cycles|seconds|edp|.*total)$/ { seen++; if (!(key in dcc)) print key " is missing" }
        END { if (seen != 6) print "only " seen + 0 " figures are compared" }' "$2" "$1"
}

# run_dcc ROW [ARG...]: a design by dcc, its report in dcc.json
run_dcc() {
    local file=one.m args=(--model net.m --hw chip.hw)
    while read -r name value; do
        case $name in
        dataflow) file=$value ;;
        pes | lanes | clock | setup | precision | *.*) args+=(--set "$name=$value") ;;
        [A-Z]*) args+=(-D "$name=$value") ;;
        esac
    done <"$1"
    shift
    dcc "$file" "${args[@]}" "$@" --json dcc.json >log 2>&1
}

# sweep WHAT DRAWN ARG...: draws designs of a sweep
sweep() {
    local what=$1 drawn=$2 failed=0 seen=0 exact=no
    shift 2
    number=$((number + 1))
    [[ " $* " == *" --buffers exact "* ]] && exact=yes
    rm -f points.csv
    if ! dcc-dse "$@" --model net.m --hw chip.hw --threads 2 --points points.csv >log 2>&1; then
        echo "not ok $number - $what: $(tail -n 1 log)"
        return
    fi
    tr -d '\r' <points.csv | awk -F, -v n="$drawn" -v seed="$number" '
        NR == 1 { split($0, head, ","); next }
        { row[NR - 1] = $0 }
        END { rows = NR - 1; srand(seed)
            for (k = 1; k <= n && rows > 0; k++) {
                split(row[int(rand() * rows) + 1], value, ",")
                for (i = 1; i in value; i++) print head[i], value[i] > ("design" k) } }'
    for ((k = 1; k <= drawn; k++)); do
        [ -s "design$k" ] || continue
        local more=()
        if [ "$exact" = yes ]; then
            more=(--set "l1.capacity=$(awk '$1 == "l1_bytes" { print $2 }' "design$k")"
                --set "l2.capacity=$(awk '$1 == "l2_bytes" { print $2 }' "design$k")")
        fi
        run_dcc "design$k" "${more[@]}" || failed=1
        total dcc.json >total.txt
        differs "design$k" total.txt >difference
        if [ -s difference ] || grep -q '\[capacity\]' log; then
            failed=1
            { cat "design$k" difference; } | tr '\n' ' ' | sed 's/^/# /; s/$/\n/'
        fi
        seen=$((seen + 1))
        rm "design$k"
    done
    if [ "$failed" -eq 0 ] && [ "$seen" -gt 0 ]; then
        echo "ok $number - $what"
    else
        echo "not ok $number - $what ($seen designs)"
    fi
}

sweep "PEs and a constant" 6 one.m --sweep pes=8:96:4 --sweep Tile=1:6:1
sweep "bandwidths of all levels, and latencies of one" 6 one.m --sweep pes=16:48:16 --sweep noc.bandwidth=1:20:1 \
    --sweep noc1.latency=1:7:2
sweep "bandwidths in bytes, of mixed widths" 5 one.m --sweep pes=16,32 --sweep noc0.bandwidth=1GB/s:12GB/s:1GB/s
sweep "a list that falls, and unlimited" 4 one.m --sweep noc1.bandwidth=9,4,2,1 --sweep Tile=2,4
sweep "several dataflows, lanes, clock and setup" 6 one.m two.m --sweep lanes=1,2 --sweep "clock=400MHz,1GHz" \
    --sweep setup=0,50
sweep "hops, multicast and reduction between links" 6 one.m --sweep noc.bandwidth=2:8:2 --sweep noc.hops=1,2.5 \
    --sweep noc1.multicast=yes,no --sweep noc0.reduction=yes,no
sweep "prefetch of each level" 6 one.m --sweep noc0.prefetch=layer,tile,step,none \
    --sweep noc1.prefetch=layer,none --sweep noc.bandwidth=1,3
sweep "widths, and what is held off-chip" 6 one.m two.m --sweep precision=8,16 --sweep precision.partial=16,32 \
    --sweep offchip.holds=Weight,Output --sweep pes=16,40
sweep "off-chip bandwidth and capacities" 6 one.m --sweep "offchip.bandwidth=0.5GB/s,4GB/s" \
    --sweep l1.capacity=64:1024:64 --sweep l2.capacity=1KiB:64KiB:*2 --sweep noc.bandwidth=2,5,11
dcc-dse one.m --model net.m --hw chip.hw --sweep buffer1.capacity=200,400 >log 2>&1
[ $? -eq 2 ] && grep -q 'energy is not known: technology 28nm has no figure for buffer' log && rest=ok || rest="not ok"
echo "$rest $((++number)) - a buffer between of which the energy is not known"
sed 's/"28nm"/"reads"/' chip.hw >reads.hw
cat >>reads.hw <<'END'
Technology "reads" { MAC { Energy: 1 pJ Source: "a test" } L1 { Energy: 1 pJ Source: "a test" } L2 { Energy: 1 pJ Source: "a test" }
  Buffer { Read: 1 pJ Source: "a test" } OffChip { Energy: 4 pJ/bit Source: "a test" } }
END
dcc-dse one.m --model net.m --hw reads.hw --objectives runtime,energy --sweep pes=16,32 >log 2>&1
[ $? -eq 2 ] && grep -q 'energy is not known: technology reads has no figure for buffer' log && rest=ok || rest="not ok"
echo "$rest $((++number)) - a buffer between that no design gives, of which the technology has the reads alone"
sed -i 's/"28nm"/"between"/' chip.hw
cat >>chip.hw <<'END'
Technology "between" { Width: 16 bit
  MAC { Energy: 0.5 pJ Area: 100 um2 Power: 1 mW Source: "a test" }
  SRAM { Point 0 { Capacity: 64 B Read: 1 pJ Write: 2 pJ Area: 90 um2 Power: 1 mW }
    Point 1 { Capacity: 4 KiB Read: 3 pJ Write: 4 pJ Area: 2000 um2 Power: 3 mW } Source: "a test" }
  Bus { Area { Scale: 3 um2 PerPE: 2 Base: 1 } Power { Scale: 0.1 mW PerPE: 1 } Source: "a test" }
  Arbiter { Area { Scale: 2 um2 PerPE2: 1 } Power { Scale: 0.1 mW PerPE: 1 } Source: "a test" }
  NoC { Hop: 0.3 pJ Source: "a test" }
  Idle { Power: 0.5 mW Source: "a test" }
  OffChip { Energy: 4 pJ/bit Source: "a test" } }
END
sweep "a buffer between, idle power" 6 one.m --sweep noc.bandwidth=2,7 --sweep buffer1.capacity=200:4000:200 --sweep l2.capacity=4KiB:64KiB:*2 \
    --sweep Tile=2,4
sweep "exact buffers" 6 one.m two.m --buffers exact --sweep pes=8:64:8 --sweep Tile=2:5:1 --sweep noc.bandwidth=2,6
# unknown LINE WHAT ARG...: a sweep with a technology that lacks what LINE, of sed, takes away
unknown() {
    local line=$1 what=$2
    shift 2
    cp chip.hw whole.hw
    sed -i "$line" chip.hw
    sweep "$what" 4 one.m two.m --objectives runtime,energy "$@"
    cp whole.hw chip.hw
}
unknown 's/ Power: 1 mW Source/ Source/' "no power of the MACs" --sweep pes=16,40 --sweep l2.capacity=4KiB,8KiB
unknown '/^  Bus/s/Area {[^}]*}//' "no area of the buses" --sweep pes=16,40 --sweep noc.bandwidth=2,6 --buffers exact
unknown '/Point/s/Area: [0-9]* um2//' "no area of any buffer" --sweep l1.capacity=4KiB,8KiB --sweep l2.capacity=8KiB,9KiB
unknown '/Point/s/\(Area\|Power\): [0-9]* [um][mW]2*//g' "no area nor power of buffers, one between" \
    --sweep buffer1.capacity=3000,4000
unknown '/^  \(Bus\|Arbiter\)/d' "no buses, no arbiter, bounds" --sweep pes=8:64:8 --no-prune
# What the machine has of a key that is swept counts for nothing, even if it is no machine.
sed 's/Clock: 800 MHz/Setup: 3 us/' whole.hw >chip.hw
sweep "a clock that the machine needs" 4 one.m two.m --sweep clock=500MHz,800MHz --sweep Tile=2,4
sed 's/Output: 16 bit/Output: 16 bit, Partial: 8 bit/' whole.hw >chip.hw
sweep "partial sums that are too narrow" 4 one.m --sweep precision.partial=16,32 --sweep Tile=2,4
cp whole.hw chip.hw
sweep "a constant of the layers" 5 one.m --sweep Wide=4:20:2 --sweep Tile=2,4 --sweep pes=20:60:20
echo "1..$number"
