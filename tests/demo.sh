#!/bin/bash
# `make demo`: every convolution of VGG-16, and all together, is within 35 % of what the Eyeriss chip
# took, all buffers hold what they must, and the last line says how far off it is.
# And dataflows/rs.m beyond it: layers of other kinds are mapped, whatever the batch, within the stores of a PE.
set -u
SRCDIR=${SRCDIR:-$(cd "$(dirname "$0")/.." && pwd)}
DCC=${DCC:-$SRCDIR/build/dcc}
unset DCC_PATH
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

source "$SRCDIR/tests/tap"
shown=$scratch/log

"$SRCDIR/tools/demo" "$DCC" >"$scratch/demo" 2>"$scratch/log"
report $? "the demo runs"
[ ! -s "$scratch/log" ] && ! grep '[0-9B]!' "$scratch/demo" >"$scratch/log"
report $? "without a warning, and within the buffers"
grep -Eq '^The chip took 3755 ms .*: dcc says 3[0-9]{3} ms, [-+][0-9.]+%; .* is CONV[0-9]+, [-+][0-9.]+%$' "$scratch/demo"
report $? "one line compares"

"$DCC" rs.m -D Batch=3 --model vgg16.m --hw eyeriss.hw --layer 'CONV*' --csv "$scratch/vgg.csv" >/dev/null
"$DCC" rs.m --model "$SRCDIR/tests/paper/alexnet-batch.m" --hw eyeriss.hw --csv "$scratch/alexnet.csv" >/dev/null

# within MEASURED.csv RUN.csv LAYERS: each layer's milliseconds, and the sum, are within 35 %
within() {
    awk -F, -v layers="$3" '
        function check(what, ms, chip) {
            if (!(ms > 0.65 * chip && ms < 1.35 * chip)) { printf "%s: %s ms, the chip %s\n", what, ms, chip; bad = 1 }
        }
        FNR == NR { if ($2 + 0) chip[$1] = $2; next }
        FNR == 1 { for (i = 1; i <= NF; i++) if ($i ~ /^seconds /) seconds = i; next }
        $1 in chip { seen++; ms += 1000 * $seconds; measured += chip[$1]; check($1, 1000 * $seconds, chip[$1]) }
        END { check("all", ms, measured); if (seen != layers) { print seen + 0, "layers"; bad = 1 }; exit bad }
        ' "$1" "$2" >"$scratch/log"
}
within "$SRCDIR/tests/paper/eyeriss-table6.csv" "$scratch/vgg.csv" 13
report $? "VGG-16: each layer and all within 35 % of the chip"
# Table V, processing latency.
printf 'CONV1,16.5\nCONV2,39.2\nCONV3,21.8\nCONV4,16.0\nCONV5,10.0\n' >"$scratch/table5.csv"
within "$scratch/table5.csv" "$scratch/alexnet.csv" 5
report $? "AlexNet: each layer and all within 35 % of the chip"

# The convolutions of other networks, of which many have 1x1 filters and strides.
for model in alexnet vgg16 resnet18 resnet50 googlenet squeezenet unet mobilenetv2; do
    "$DCC" rs.m --model "$model.m" --hw eyeriss.hw --csv - 2>/dev/null | awk -F, '
        NR == 1 { for (i = 1; i <= NF; i++) { name = $i; sub(/ \[.*/, "", name); column[name] = i }; next }
        $2 != "CONV" && $2 != "NGCONV" { next }
        { layers++ }
        $column["status"] != "evaluated" || $column["l1.required_bytes"] > 520 || $column["l2.required_bytes"] > 110592 { print }
        END { if (layers < 5) print layers + 0, "layers" }' >"$scratch/log"
    [ ! -s "$scratch/log" ]
    report $? "rs maps the convolutions of $model"
done
for batch in 1 2 8 100; do
    "$DCC" rs.m -D Batch=$batch --model "$SRCDIR/tests/paper/alexnet-batch.m" --hw eyeriss.hw >/dev/null 2>"$scratch/log" &&
        [ ! -s "$scratch/log" ]
    report $? "rs maps AlexNet, batch $batch"
done
echo "1..$n"
