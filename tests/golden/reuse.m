// What --explain says where a chunk is clipped, or children repeat their work, or one has it all.
Accelerator "two" { PEs: 2 }

Network "net" {
  // The second PE has one step of M where the first has two.
  Layer CLIPPED {
    Type: GEMM
    Dimensions { M: 5, N: 2, K: 2 }
    Dataflow { SpatialMap(3,3) M; Cluster(1); TemporalMap(1,1) K; TemporalMap(2,2) M; }
  }
  Layer COPIES {
    Type: GEMM
    Dimensions { M: 4, N: 4, K: 4 }
    Dataflow { TemporalMap(1,1) M; Cluster(1); SpatialMap(1,1) N; }
  }
  // All of K is one child's.
  Layer LONE {
    Type: GEMM
    Dimensions { M: 4, N: 4, K: 4 }
    Dataflow { TemporalMap(1,1) M; SpatialMap(4,4) K; }
  }
  // Every second row of R is in the same rows of I, which has them at stride 2.
  Layer STRIDED {
    Type: CONV
    Stride { Y: 2 }
    Dimensions { K: 1, C: 1, Y': 4, X': 1, R: 3, S: 1 }
    Dataflow { SpatialMap(1,1) R; }
  }
  // A second chunk that is clipped.
  Layer ROWS {
    Type: CONV
    Stride { Y: 3 }
    Dimensions { K: 1, C: 1, Y': 4, X': 1, R: 3, S: 1 }
    Dataflow { TemporalMap(2,2) R; }
  }
  // The last rows of a window are among the first ones, where it begins again.
  Layer AGAIN {
    Type: CONV
    Stride { Y: 2 }
    Dimensions { K: 2, C: 1, Y': 4, X': 1, R: 3, S: 1 }
    Dataflow { TemporalMap(1,1) K; TemporalMap(1,1) R; }
  }
}
