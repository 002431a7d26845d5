#!/bin/bash
# dcc --format: every construct once, and every file that comes with dcc: formatted again, it is the
# same, and a file that is formatted means what it meant.
set -u
cd "$TMPDIR" || exit 1
export DCC_PATH=$SRCDIR/dataflows:$SRCDIR/models:$SRCDIR/hardware

source "$SRCDIR/tests/tap"

cat >given.m <<'END'
Constant A 3; /* block
 comment */ Constant   Twice -(A*2)+max(A,4)%3;   // line
Operator OP { Order: [ I,J ]; Window Y[I][J];Input A[2*I+J] ;Weight B [ J ];Output O[I]; Default { I: (J+1)*2 } }
Dataflow "d" for OP , CONV { SpatialMap(A,-(0-A)) I; // maps
 Cluster( ceil(A,2) ) ; TemporalMap(Sz(J),Sz(J)) J; }
Network /* before */ n // the brace
{ Layer L { Type: OP Dimensions { I: 4, J: 2 } }


  Layer M { Type: OP Density { A: 1/2 } From: L Dimensions { J: 3 } Count: 2 }
  Layer 3.x-1 { Type: OP From L,"M" Dimensions { J: 3 } } Layer last { Type: MATMUL From{A:L,"M" B: 3.x-1} Dimensions { M: 3 } } } /* last */ // of all
Accelerator { PEs: 4 Buffer L1 { Capacity: 4 KiB } Precision { A: 8 bit, B: 16bit } NoC 0 { Bandwidth { A: (3)/2, B: 4 } } OffChip { Holds: [] } }
Technology "t" { SRAM { Point 1 { Capacity: 1 B, Energy: 2 pJ } Range: [1 B, 4 KiB] Source: "s" } }
END
cat >wanted.m <<'END'
Constant A = 3;  /* block
 comment */
Constant Twice = -(A*2) + max(A, 4)%3;  // line
Operator OP {
  Order: [I, J]
  Window Y[I][J];
  Input A[2*I + J];
  Weight B[J];
  Output O[I];
  Default { I: (J + 1)*2 }
}
Dataflow "d" for OP, CONV {
  SpatialMap(A, -(0 - A)) I;  // maps
  Cluster(ceil(A, 2));
  TemporalMap(Sz(J), Sz(J)) J;
}
Network n {
  /* before */
  // the brace
  Layer L {
    Type: OP
    Dimensions { I: 4, J: 2 }
  }

  Layer M {
    Type: OP
    Density { A: 1/2 }
    From: L
    Dimensions { J: 3 }
    Count: 2
  }
  Layer 3.x-1 {
    Type: OP
    From: L, "M"
    Dimensions { J: 3 }
  }
  Layer last {
    Type: MATMUL
    From { A: L, "M", B: 3.x-1 }
    Dimensions { M: 3 }
  }
}  /* last */  // of all
Accelerator {
  PEs: 4
  Buffer L1 { Capacity: 4 KiB }
  Precision { A: 8 bit, B: 16 bit }
  NoC 0 {
    Bandwidth { A: (3)/2, B: 4 }
  }
  OffChip { Holds: [] }
}
Technology "t" {
  SRAM {
    Point 1 { Capacity: 1 B, Energy: 2 pJ }
    Range: [1 B, 4 KiB]
    Source: "s"
  }
}
END
"$DCC" --format=given.m >got.m 2>log && diff wanted.m got.m >log
report $? "every construct"

cat >given.m <<'END'
Dataflow "holes" { // what is open
 TemporalMap( ? ,?) K; SpatialMap(?,?) ?;?(8,8) K // a kind
 ?(?)? ; TemporalMap(? <=16,?)K, TemporalMap(?>=4 and<=Sz(K)*2 and%4==0 and in{ 8,16 ,Sz(K)},?) K
 SpatialMap(? , ?) ? in{N,K}  Cluster(?) /* some */ Cluster(?<=16, P)
 Any(?<=4)over K , C; Any;Any ordered N,K,M; Any(?); Level Any }
Dataflow { Fanout(PE,?) Buffer(GLB)?; Buffer(GLB) Input,? Buffer(A) ?, Weight; Fanout(PE, ? in {2,
 4}); Buffer(B) ? in {Input, Weight} Any over K, C }
END
cat >wanted.m <<'END'
Dataflow "holes" {  // what is open
  TemporalMap(?, ?) K;
  SpatialMap(?, ?) ?;
  ?(8, 8) K;  // a kind
  ?(?) ?;
  TemporalMap(? <= 16, ?) K;
  TemporalMap(? >= 4 and <= Sz(K)*2 and % 4 == 0 and in {8, 16, Sz(K)}, ?) K;
  SpatialMap(?, ?) ? in {N, K};
  Cluster(?);  /* some */
  Cluster(? <= 16, P);
  Any(? <= 4) over K, C;
  Any;
  Any ordered N, K, M;
  Any(?);
  Level;
  Any;
}
Dataflow {
  Fanout(PE, ?);
  Buffer(GLB) ?;
  Buffer(GLB) Input, ?;
  Buffer(A) ?, Weight;
  Fanout(PE, ? in {2, 4});
  Buffer(B) ? in {Input, Weight};
  Any over K, C;
}
END
"$DCC" --format=given.m >got.m 2>log && diff wanted.m got.m >log && "$DCC" --format=got.m 2>>log | diff wanted.m - >>log
report $? "every hole"

printf 'Constant A 1;' >short.m # without the end of its line
"$DCC" --format=short.m >got.m 2>log && [ "$(cat got.m)" = 'Constant A = 1;' ] && [ "$(wc -l <got.m)" -eq 1 ]
report $? "the last line is ended"

printf 'Dataflow { SpatialMap(1,1 K; }\n' >wrong.m
"$DCC" --format=wrong.m >got.m 2>log
[ $? -eq 1 ] && [ ! -s got.m ] && grep -q '^wrong.m:1:27: error: ' log
report $? "a file with a mistake is not formatted"

files=0 wrong=0
: >log
for file in "$SRCDIR"/{dataflows,models,hardware,tests/clock,tests/golden,tests/paper}/*.{m,hw}; do
    [ -f "$file" ] || continue
    files=$((files + 1))
    "$DCC" --format="$file" >once.m 2>>log && "$DCC" --format=once.m >twice.m 2>>log &&
        cmp once.m twice.m >>log 2>&1 || wrong=$((wrong + 1))
done
[ "$files" -gt 50 ] && [ "$wrong" -eq 0 ]
report $? "$files files are formatted once"

for file in "$SRCDIR"/dataflows/{kc-p,yr-p,x-p,c-p}.m; do
    "$DCC" --format="$file" >flow.m 2>log && "$DCC" --format="$SRCDIR/models/mobilenetv2.m" >model.m 2>>log &&
        "$DCC" --format="$SRCDIR/hardware/eyeriss.hw" >machine.hw 2>>log
    "$DCC" "$file" --model mobilenetv2.m --hw eyeriss.hw --csv - >before.csv 2>/dev/null
    "$DCC" flow.m --model model.m --hw machine.hw --csv - >after.csv 2>/dev/null
    [ "$(wc -l <before.csv)" -gt 20 ] && diff before.csv after.csv >log
    report $? "$(basename "$file") means the same"
done
echo "1..$n"
