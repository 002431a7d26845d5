// run: @
Accelerator "a" { PEs: 4 }
Network "net" {
  Layer QK  { Type: GEMM Dimensions { G: 4, M: 8, N: 8, K: 12 } Dataflow { TemporalMap(1,1) G; SpatialMap(1,1) N; } }
  Layer AV  { Type: BMM  Dimensions { B: 4, M: 8, N: 12, K: 8 } Dataflow { TemporalMap(1,1) B; SpatialMap(1,1) N; } }
}
