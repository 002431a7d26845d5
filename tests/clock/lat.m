// Latency: paid for the first data and the last flush, or by every step.
Accelerator "a" { PEs: 4, NoC 0 { Bandwidth: 4, Latency: 1 } }
Network "n" {
  Layer L {
    Type: GEMM
    Dimensions { M: 1000, N: 4, K: 1 }
    Dataflow { SpatialMap(1,1) N; TemporalMap(1,1) M; TemporalMap(1,1) K; }
  }
}
