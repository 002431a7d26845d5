// Tensors that pass memories by, and units of a fan-out that have nothing to do.
Accelerator "passing" {
  Hierarchy {
    Memory DRAM { }
    Memory GLB { Holds: Weight }
    Fanout Row 3 { }
    Fanout Column 3 { Multicast: no }
    Memory RF { Holds: Input }
    MAC { }
  }
}

Network "net" {
  Layer LONE {
    Type: GEMM
    Dimensions { M: 4, N: 4, K: 4 }
    Dataflow {
      TemporalMap(1,1) M;
      SpatialMap(4,4) N;
      Fanout(Row);
      TemporalMap(1,1) K;
      SpatialMap(2,2) N;
      Fanout(Column);
      Buffer(RF);
    }
  }
  // A row's units have Y' apart from each other at one time: what it has of I has gaps.
  Layer WINDOWS {
    Type: CONV
    Dimensions { K: 2, C: 1, Y': 6, X': 1, R: 4, S: 1 }
    Dataflow {
      TemporalMap(1,1) K;
      SpatialMap(2,2) R;
      Fanout(Row);
      SpatialMap(2,2) Y';
      Fanout(Column);
      TemporalMap(1,1) Y';
      TemporalMap(1,1) R;
      Buffer(RF);
    }
  }
  // Five steps of N, in chunks of two, two and one.
  Layer CHUNKS {
    Type: GEMM
    Dimensions { M: 4, N: 5, K: 2 }
    Dataflow {
      TemporalMap(1,1) M;
      TemporalMap(2,2) N;
      Buffer(GLB);
      TemporalMap(1,1) N;
      SpatialMap(1,1) K;
      Fanout(Row);
      Fanout(Column, 1);
      Buffer(RF);
    }
  }
}
