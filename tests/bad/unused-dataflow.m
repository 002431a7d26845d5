// run: @ --hw ok.hw
Network "n" {
  Layer L {
    Type: GEMM
    Dimensions { M: 4, N: 4, K: 4 }
    Dataflow "own" { SpatialMap(1,1) M; TemporalMap(1,1) K; }
  }
}
Dataflow "other" { SpatialMap(1,1) N; TemporalMap(1,1) K; }
