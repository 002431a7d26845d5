// A layer small enough to be checked by hand, one that runs three times, and one of
// matrices; the first dataflow is not for the last.
Accelerator "four" {
  PEs: 4
  Clock: 1 GHz
  Precision: 16 bit
  Buffer L1 { Capacity: 24 B }
  NoC 0 { Bandwidth: 2, Latency: 1 }
}

Network "tiny" {
  Layer CONV {
    Type: CONV
    Dimensions { K: 6, C: 2, R: 1, S: 3, Y: 1, X: 10 }
  }
  Layer AGAIN {
    Type: CONV
    Dimensions { K: 6, C: 2, R: 1, S: 3, Y: 1, X: 10 }
    Count: 3
  }
  Layer MATRIX {
    Type: GEMM
    Dimensions { M: 4, N: 4, K: 8 }
  }
}

Dataflow "K-P" for CONV {
  SpatialMap(1,1) K;
  TemporalMap(1,1) C;
  TemporalMap(Sz(S),1) X;
}

Dataflow "K-P" for GEMM {
  TemporalMap(1,1) M;
  SpatialMap(1,1) K;
  TemporalMap(2,2) N;
}
