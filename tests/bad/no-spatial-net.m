Network "n" {
  Layer L {
    Type: GEMM
    Dimensions { M: 1, N: 1, K: 4 }
    Dataflow { TemporalMap(1,1) K; }
  }
}
