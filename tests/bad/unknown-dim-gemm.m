// run: @ --hw ok.hw
Dataflow "f" {
  SpatialMap(1,1) K;
  TemporalMap(1,1) C;
}
Network "n" {
  Layer L1 {
    Type: GEMM
    Dimensions { M: 8, N: 4, K: 8 }
  }
}
