// run: @
Accelerator { PEs: 4 NoC 0 { Bandwidth: 1/2147483647 } }
Dataflow { SpatialMap(1,1) M; TemporalMap(1,1) K; }
Network {
  Layer L { Type: GEMM Dimensions { M: 1048576, N: 1048576, K: 1048576 } }
  Layer S { Type: GEMM Dimensions { M: 2, N: 1, K: 2 } }
}
