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

# The products of a network alone, Count included, and what its vector operators do.
work() { # work KINDS MODEL [OPTION...]
    local kinds=$1 model=$2
    shift 2
    "$DCC" kc-p.m --model "$model" --hw "$hw" --csv - "$@" 2>/dev/null | awk -F, -v kinds=" $kinds " '
        NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        index(kinds, " " $at["type"] " ") { sum += $at["count"] * $at["macs [MACs]"] }
        END { printf "%.0f\n", sum }'
}
products="CONV FC GEMM MATMUL"
vectors="ADD MUL ACT SOFTMAX NORM"

counts() { # counts WHAT PRODUCTS VECTORS MODEL [OPTION...]
    local what=$1 wanted="$2 $3" got
    shift 3
    got="$(work "$products" "$@") $(work "$vectors" "$@")"
    [ "$got" = "$wanted" ]
    report $? "$what" "got $got, by hand $wanted"
}

# Tokens of a prompt, or one behind it: each multiplies with every weight of a block, and with the keys
# and values of all heads; only the last of a sequence has scores for words.
llama() { # llama WHAT BATCH SEQUENCE PAST
    local t=$(($2 * $3)) pairs=$((32 * $2 * $3 * ($3 + $4))) d=4096 f=14336
    local block=$((t * (2 * d * d + 2 * d * 1024 + 3 * d * f) + 2 * pairs * 128))
    local vector=$((t * (2 * 2 * d + 2 * d + 2 * f) + 3 * pairs))
    counts "llama3-8b, $1, by hand" $((32 * block + $2 * d * 128256)) $((32 * vector + 2 * $2 * d)) \
        llama3-8b.m -D "Batch=$2" -D "Sequence=$3" -D "Past=$4"
}
llama "a prompt" 1 2048 0
llama "three prompts" 3 100 0
llama "a token" 1 1 2047
llama "a token of each of 16" 16 1 8191

# The experts have the tokens' choices between them, rounded up to equal shares.
mixtral() { # mixtral WHAT BATCH SEQUENCE PAST EXPERTS-AT-WORK TOKENS-OF-EACH
    local t=$(($2 * $3)) pairs=$((32 * $2 * $3 * ($3 + $4))) d=4096 f=14336 rows=$(($5 * $6))
    local block=$((t * (2 * d * d + 2 * d * 1024 + 8 * d) + rows * 3 * d * f + 2 * pairs * 128))
    local vector=$((t * (2 * 2 * d + 3 * 8 + d + 4 * d) + rows * 2 * f + 3 * pairs))
    counts "mixtral, $1, by hand" $((32 * block + $2 * d * 32000)) $((32 * vector + 2 * $2 * d)) \
        mixtral.m -D "Batch=$2" -D "Sequence=$3" -D "Past=$4"
}
mixtral "a prompt" 1 2048 0 8 512
mixtral "a prompt that does not divide" 1 101 0 8 26
mixtral "a token" 1 1 2047 2 1
mixtral "a token of each of 3" 3 1 100 6 1

vit() { # vit WHAT BATCH IMAGE
    local side=$(($3 / 16)) patches s t d=768 f=3072
    patches=$((side * side))
    s=$((patches + 1))
    t=$(($2 * s))
    local pairs=$((12 * $2 * s * s))
    local block=$((t * (4 * d * d + 2 * d * f) + 2 * pairs * 64)) vector=$((t * (2 * 3 * d + 2 * d + f) + 3 * pairs))
    counts "vit-b16, $1, by hand" $((12 * block + $2 * (patches * d * 3 * 256 + d * 1000))) $((12 * vector + 3 * $2 * d)) \
        vit-b16.m -D "Batch=$2" -D "Image=$3"
}
vit "an image" 1 224
vit "images of another size" 5 384

# published: 17.56 G, of the products
[[ $(work "$products" vit-b16.m) == 1756??????? ]]
report $? "vit-b16 has 17.56 G MACs in products"
# published: 46.7 G parameters of which 12.9 G work for a token; look-up and normalization are no products
active=$(($(work "$products" mixtral.m -D Sequence=1) - 32 * 2 * 32 * 128 + 4096 * (32000 + 65)))
[[ $active == 128[5-9]??????? || $active == 129[0-4]??????? ]]
report $? "mixtral works with 12.9 G parameters for a token" "got $active"
# published: 8.03 G parameters
all=$(($(work "$products" llama3-8b.m -D Sequence=1) - 32 * 2 * 32 * 128 + 4096 * (128256 + 65)))
[ $all = 8030261248 ]
report $? "llama3-8b has 8,030,261,248 parameters" "got $all"

# Edges change no figure.
for model in llama3-8b vit-b16 mixtral; do
    sed '/^ *From/d' "$SRCDIR/models/$model.m" >"$TMPDIR/$model.m"
    "$DCC" kc-p.m --model $model.m --hw "$hw" --detail >"$TMPDIR/with" 2>&1 &&
        "$DCC" kc-p.m --model "$TMPDIR/$model.m" --hw "$hw" --detail >"$TMPDIR/without" 2>&1 &&
        cmp -s "$TMPDIR/with" "$TMPDIR/without"
    report $? "$model costs the same without its edges"
done

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
    grep -q '^System' "$hardware" && continue # sched.sh
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
