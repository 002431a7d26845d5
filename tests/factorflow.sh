#!/bin/bash
# Mappings that dcc-map finds over divisors under FactorFlow's constraints (examples/map) against those
# that FactorFlow finds (EMJzero/FactorFlow, commit 062f9de, its own search, uJ): none takes more energy.
# Where its counts are not dcc's, a partial sum to every unit that reduces it, the figure is dcc's of
# its mapping (ff-eyeriss MB5 and MB6, see dcc-replays(7)).
#
# Each is proven.
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

while read -r machine layer published; do
    sets=()
    for set in ${dims[$machine]}; do
        sets+=(--set "$set")
    done
    dcc-map "$SRCDIR/examples/map/$machine.m" --model "$SRCDIR/examples/map/gemms.m" --layer "$layer" \
        --hw "$machine.hw" "${sets[@]}" --sizes divisors --objective energy --time 30s --json found.json >out 2>log &&
        python3 - "$published" <<'EOF' >>log
import json, sys

layer = json.load(open("found.json"))["layers"][0]
print(layer["value"] / 1e6, "uJ, published", sys.argv[1], "bound", layer["bound"] / 1e6)
sys.exit(layer["value"] / 1e6 > float(sys.argv[1]) * (1 + 1e-6) or layer["bound"] > layer["value"] or
         not layer["optimal"])
EOF
    report $? "$machine $layer: proven, no more energy than FactorFlow's $published uJ"
done <<'EOF'
ff-eyeriss KTQ 7313.7704
ff-eyeriss MB3 12.1611
ff-eyeriss MB5 937.886515
ff-eyeriss MB6 210.976113
ff-gemmini KQV 17574.9307
ff-gemmini KTQ 2192.4938
ff-gemmini MB3 9.7178
ff-gemmini MB6 55.9369
ff-simba KTQ 12956.0687
ff-simba MB3 18.1910
ff-simba MB6 387.9836
ff-tpu MB2 12420.2569
ff-tpu MB6 194.0836
ff-tpu Out 6492.6463
EOF
echo "1..$n"
