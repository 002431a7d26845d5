#!/bin/bash
# The example of dcc-hardware(5) that is like the first TPU, whose peak is 92 TOPS: what two kinds of
# layers come to, in tera-operations per second, of which a MAC is two.
set -u
SRCDIR=${SRCDIR:-$(cd "$(dirname "$0")/.." && pwd)}
DCC=${DCC:-$SRCDIR/build/dcc}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
n=0

# The layers of the page, and the convolution as one, not as the product of matrices that it comes to.
awk '/^\$ cat tpu\.m/ { inside = 1; next } inside && /^(\$|\.Ed)/ { exit } inside' \
    "$SRCDIR/man/dcc-hardware.5" >"$scratch/tpu.m"
cat >"$scratch/conv.m" <<'END'
Network "conv" {
  Layer DIRECT {
    Type: CONV
    Padding { X: 1, Y: 1 }
    Dimensions { N: 8, K: 256, C: 256, R: 3, S: 3, Y: 19, X: 19 }
    Dataflow {
      SpatialMap(1,1) K;
      TemporalMap(256,256) C;
      TemporalMap(1,1) R;
      TemporalMap(1,1) S;
      TemporalMap(1,1) N;
      TemporalMap(1,1) Y';
      TemporalMap(1,1) X';
      Cluster(256);
      SpatialMap(1,1) C;
    }
  }
}
END

# tops LAYER FILE OPTION...: from the MACs and the seconds of the JSON
tops() {
    local layer=$1 file=$2
    shift 2
    "$DCC" ws-gemm.m -D Rows=256 --model "$scratch/$file" --hw tpu-v1.hw --layer "$layer" "$@" --json - |
        awk -F'[:,]' '/^ *"macs"/ && !macs { macs = $2 } /^ *"seconds"/ && !seconds { seconds = $2 }
            END { if (seconds > 0) printf "%.1f", 2 * macs / seconds / 1e12 }'
}

between() { # LOW HIGH LAYER FILE OPTION...
    local low=$1 high=$2 have
    shift 2
    have=$(tops "$@")
    n=$((n + 1))
    if awk -v x="$have" -v low="$low" -v high="$high" 'BEGIN { exit !(x != "" && x >= low && x <= high) }'; then
        echo "ok $n - $*: $have TOPS"
    else
        echo "not ok $n - $*: '$have' TOPS, not $low to $high"
    fi
}

between 4 40 FC tpu.m
between 4 40 FC tpu.m --set setup=28us
between 30 92 CONV tpu.m
between 30 92 CONV tpu.m --set setup=28us
between 30 92 DIRECT conv.m
echo "1..$n"
