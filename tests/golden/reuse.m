// What --explain says where a chunk is clipped, or children repeat their work, or one has it all.
Accelerator "two" { PEs: 2 }

Network "net" {
  // The second PE has one step of M where the first has two.
  Layer CLIPPED {
    Type: GEMM
    Dimensions { M: 5, N: 2, K: 2 }
    Dataflow { SpatialMap(3,3) M; Cluster(1); TemporalMap(1,1) K; TemporalMap(2,2) M; }
  }
}
