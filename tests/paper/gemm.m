Network "gemm" {
  Layer G {
    Type: GEMM
    Dimensions { M: 256, N: 128, K: 256 }
  }
}
