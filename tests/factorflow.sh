#!/bin/bash
# Mappings that dcc-map finds under FactorFlow's constraints (examples/map) against those that
# FactorFlow finds (EMJzero/FactorFlow, commit 062f9de, its own search, uJ): none takes more energy.
# Where its counts are not dcc's, a partial sum to every unit that reduces it, the figure is dcc's of
# its mapping (ff-eyeriss MB5 and MB6, see dcc-replays(7)).
#
# Each is proven, over divisors and, of large products, over canonical sizes, with no more bounds than
# stand there: about twice as many as it takes.
set -u

cd "$TMPDIR" || exit 1
PATH=$BUILD:$PATH
export DCC_PATH=$SRCDIR/dataflows:$SRCDIR/models:$SRCDIR/hardware

source "$SRCDIR/tests/tap"

declare -A dims=(
    [ff-eyeriss]="SACols.dims=N,K SARows.dims=N"
    [ff-gemmini]="SARows.dims=N SACols.dims=K"
    [ff-simba]="PEs.dims=N,K DistributionBuffers.dims=N RegMac.dims=K"
    [ff-tpu]="SARows.dims=N SACols.dims=K"
)

while read -r machine layer sizes moves published; do
    sets=()
    for set in ${dims[$machine]}; do
        sets+=(--set "$set")
    done
    dcc-map "$SRCDIR/examples/map/$machine.m" --model "$SRCDIR/examples/map/gemms.m" --layer "$layer" \
        --hw "$machine.hw" "${sets[@]}" --sizes "$sizes" --objective energy --moves "$moves" \
        --json found.json >out 2>log &&
        python3 - "$published" <<'EOF' >>log
import json, sys

layer = json.load(open("found.json"))["layers"][0]
print(layer["value"] / 1e6, "uJ, published", sys.argv[1], "bound", layer["bound"] / 1e6,
      layer["bounds"], "bounds")
sys.exit(layer["value"] / 1e6 > float(sys.argv[1]) * (1 + 1e-6) or layer["bound"] > layer["value"] or
         not layer["optimal"])
EOF
    report $? "$machine $layer, $sizes: proven, no more energy than FactorFlow's $published uJ"
done <<'EOF'
ff-eyeriss KTQ divisors 20000 7313.7704
ff-eyeriss MB3 divisors 5000 12.1611
ff-eyeriss MB5 divisors 5000 937.886515
ff-eyeriss MB6 divisors 10000 210.976113
ff-gemmini KQV divisors 40000 17574.9307
ff-gemmini KTQ divisors 20000 2192.4938
ff-gemmini MB3 divisors 5000 9.7178
ff-gemmini MB6 divisors 5000 55.9369
ff-simba KTQ divisors 40000 12956.0687
ff-simba MB3 divisors 10000 18.1910
ff-simba MB6 divisors 50000 387.9836
ff-tpu MB2 divisors 5000 12420.2569
ff-tpu MB6 divisors 5000 194.0836
ff-tpu Out divisors 30000 6492.6463
ff-eyeriss KTQ canonical 600000 7313.7704
ff-eyeriss MB5 canonical 150000 937.886515
ff-gemmini KQV canonical 600000 17574.9307
ff-simba KTQ canonical 600000 12956.0687
ff-simba MB6 canonical 800000 387.9836
ff-tpu MB2 canonical 100000 12420.2569
EOF

# More sizes find no worse a mapping: what divisors find is looked for further once a search is long.
value() {
    dcc-map "$SRCDIR/examples/map/ff-tpu.m" --model "$SRCDIR/examples/map/gemms.m" --layer KTQ \
        --hw ff-tpu.hw --set SARows.dims=N --set SACols.dims=K --sizes "$1" --objective edp \
        --moves "$2" --json found.json >out 2>>log &&
        python3 -c 'import json; print(json.load(open("found.json"))["layers"][0]["value"])'
}
: >log
divisors=$(value divisors 100000) && canonical=$(value canonical 2000000) &&
    python3 -c 'import sys; sys.exit(float(sys.argv[2]) > float(sys.argv[1]))' "$divisors" "$canonical"
report $? "ff-tpu KTQ: with canonical sizes no more than with divisors"
echo "1..$n"
