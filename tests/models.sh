#!/bin/bash
# Every network has the MACs that are published for it, and each dataflow of the paper's
# Table 3 maps every layer of every network on the paper's machine.
set -u

hw=paper256.hw
dataflows="c-p x-p yx-p yr-p kc-p"

source "$SRCDIR/tests/tap"

# MACs of a network, Count included: what stands last, in the totals.
macs() { # macs MODEL [OPTION...]
    local model=$1
    shift
    "$DCC" c-p.m --model "$model" --hw "$hw" --json - "$@" 2>/dev/null |
        sed -n 's/^.*"macs": *\([0-9][0-9]*\).*$/\1/p' | tail -n 1
}

# NETWORK FIGURE UNIT [LAYERS]: right is what the figure's printed digits come from, rounded
# or cut. Poolings, element-wise layers and biases are in none of them; all layers are, unless
# LAYERS says which.
while read -r network figure unit layers; do
    case $network in '' | '#'*) continue ;; esac
    got=$(macs "$network.m" ${layers:+--layer "$layers"})
    awk -v macs="${got:-0}" -v figure="$figure" -v unit="$unit" 'BEGIN {
        digits = index(figure, ".") ? length(figure) - index(figure, ".") : 0
        off = macs / (unit == "G" ? 1e9 : 1e6) - figure
        exit !(off > -0.5000001 / 10 ^ digits && off < 1 / 10 ^ digits) }'
    report $? "$network${layers:+ $layers} has $figure $unit MACs" "got ${got:-nothing}"
done <<'TABLE'
# published (conv and fully connected layers of one inference, batch 1)
vgg16        15.470  G
vgg16        15.347  G  CONV*
alexnet      0.6657  G  CONV*
resnet18     1.814   G
resnet50     4.089   G
resnext50    4.230   G
mobilenetv2  0.301   G
mnasnet      0.314   G
squeezenet   0.828   G
googlenet    1.507   G
unet         167.3   G
bert-base    9.30    G
# counted by hand: no published figure is known for these shapes
alexnet      58.621952     M  FC*
dcgan        416.055296    M
gpt2         145.824153600 G
lstm         367.0016      M
conv1d       0.000072      M
TABLE

for model in "$SRCDIR"/models/*.m; do
    for dataflow in $dataflows; do
        said=$("$DCC" "$dataflow.m" --model "$model" --hw "$hw" --csv - 2>&1 >/dev/null)
        report $? "$dataflow maps $(basename "$model" .m)" "$(head -n 1 <<<"$said")"
    done
done

# Windows with holes: every dataflow for layers that have windows takes them, with all of their MACs.
cat >"$TMPDIR/dilated.m" <<'MODEL'
Network "dilated" {
  Layer D2 { Type: CONV, Dilation { X: 2, Y: 2 } Dimensions { K: 4, C: 6, R: 3, S: 3, Y: 12, X: 12 } }
  Layer D3 { Type: CONV, Stride { X: 2, Y: 2 } Dilation { X: 3, Y: 2 } Dimensions { K: 4, C: 6, R: 3, S: 2, Y': 5, X': 6 } }
  Layer D4 { Type: CONV, Dilation { X: 4, Y: 5 } Dimensions { K: 4, C: 6, R: 1, S: 3, Y': 5, X': 6 } }
  Layer SEP { Type: DSCONV, Dilation { X: 2, Y: 2 } Dimensions { C: 6, R: 3, S: 3, Y': 5, X': 6 } }
  Layer PO { Type: POOL, Dilation { X: 2, Y: 2 } Dimensions { C: 6, R: 3, S: 3, Y': 5, X': 6 } }
  Layer TR { Type: TRCONV, Stride { X: 2, Y: 2 } Dilation { X: 2, Y: 2 } Dimensions { K: 3, C: 6, R: 3, S: 3, Y: 5, X: 6 } }
  Layer NG { Type: NGCONV, Dilation { X: 2, Y: 2 } Dimensions { G: 2, K: 3, C: 6, R: 3, S: 3, Y': 5, X': 6 } }
}
MODEL
for path in "$SRCDIR"/dataflows/*.m; do
    layers='*' number=7
    grep -q '^ *Buffer(' "$path" && continue # for hierarchies: hierarchy.sh
    case $path in
    *-gemm.m) continue ;;
    */rs.m) layers='D?' number=3 ;; # for convolutions alone
    esac
    said=$("$DCC" "$path" --model "$TMPDIR/dilated.m" --layer "$layers" --hw "$hw" --json "$TMPDIR/dilated.json" 2>&1 >/dev/null)
    [ "$(grep -c '"status": *"evaluated"' "$TMPDIR/dilated.json")" = $number ]
    report $? "$(basename "$path") takes dilated layers" "$(head -n 1 <<<"$said")"
done

for letter in a b c d e f; do
    said=$("$DCC" "fig5-$letter.m" --model conv1d.m --hw "$hw" --set pes=6 --csv - 2>&1 >/dev/null)
    report $? "fig5-$letter maps conv1d" "$(head -n 1 <<<"$said")"
done

for dataflow in ws-gemm os-gemm; do
    for model in bert-base gpt2; do
        said=$("$DCC" "$dataflow.m" --model "$model.m" --hw "$hw" --csv - 2>&1 >/dev/null)
        report $? "$dataflow maps $model" "$(head -n 1 <<<"$said")"
    done
done

for hardware in "$SRCDIR"/hardware/*.hw; do
    case $hardware in */tech-*) continue ;; esac
    grep -q '^ *Hierarchy' "$hardware" && continue # hierarchy.sh
    pes=
    dataflow=kc-p
    case $hardware in */maeri.hw) pes=TileC=8 ;; */tpu-v1.hw) pes=TileC=256 ;; esac
    said=$("$DCC" "$dataflow.m" --model alexnet.m --hw "$hardware" ${pes:+-D $pes} --csv - 2>&1 >/dev/null)
    report $? "$(basename "$hardware") is read" "$(head -n 1 <<<"$said")"
    said=$("$DCC" "$dataflow.m" --model alexnet.m --hw "$hardware" ${pes:+-D $pes} 2>/dev/null | grep '^area ')
    [[ $said == area\ \>=*"not known: "* || $said == area\ [0-9]* ]]
    report $? "$(basename "$hardware") has an area, and says what is not known of it" "$said"
    ! grep -n '// [*]\|[.] [*]' "$hardware" >/dev/null
    report $? "no figure of $(basename "$hardware") waits to be checked"
done

echo "1..$n"
