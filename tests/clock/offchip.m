// Off-chip memory: what it takes does not depend on the PEs, but what hides behind it does.
Accelerator "a" { PEs: 16, Clock: 1 GHz, OffChip { Bandwidth: 1 B/cycle } }
Network "n" {
  Layer L {
    Type: GEMM
    Dimensions { M: 64, N: 64, K: 21 }
    Dataflow { TemporalMap(1,1) M; SpatialMap(1,1) N; TemporalMap(21,21) K; }
  }
}
