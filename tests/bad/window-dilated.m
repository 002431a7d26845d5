// run: @ --hw ok.hw
// Win is the window with its dilation, of a dim that has one.
Network "n" {
  Layer L { Type: CONV Dilation { Y: 2 } Dimensions { K: 8, C: 8, R: 3, S: 3, Y: 10, X: 10 }
    Dataflow { SpatialMap(Win(R),1) Y; }
  }
  Layer M { Type: CONV Dilation { Y: 2 } Dimensions { K: 8, C: 8, R: 3, S: 3, Y: 10, X: 10 }
    Dataflow { SpatialMap(Sz(R),1) Y; }
  }
  Layer P { Type: CONV Dimensions { K: 8, C: 8, R: 3, S: 3, Y: 10, X: 10 }
    Dataflow { SpatialMap(Win(K),1) K; TemporalMap(Win(R,2),1) Y; }
  }
  Layer G { Type: GEMM Dimensions { M: 8, N: 8, K: 3 } Dataflow { SpatialMap(Win(K),1) K; } }
}
