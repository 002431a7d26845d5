// run: @
Network "n" { Layer L1 { Type: GEMM Dimensions { M: 2, N: 2, K: 7 } } }
Dataflow "e" for GEMM {
  SpatialMap(5,5) K;
  Fanout(PE);
  TemporalMap(4,4) K;
  Level;
  TemporalMap(1,1) M;
  SpatialMap(1,1) K;
  Fanout(Row);
  Buffer(RF) Output;
  TemporalMap(1,1) N;
}
Accelerator "m" {
  Precision: 8 bit
  Hierarchy {
    Memory DRAM { }
    Fanout PE 2 { }
    Fanout Row 2 { Reduction: no }
    Memory RF { Holds: Output }
    MAC { }
  }
}
