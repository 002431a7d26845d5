// With stride 2 the tiles of I at S = 0 and S = 1 have no element in common.
Accelerator "one" { PEs: 1, Clock: 1 GHz }
Network "strided" {
  Layer CONV {
    Type: CONV, Stride { X: 2, Y: 1 }, Dimensions { K: 1, C: 1, R: 1, S: 3, Y': 1, X': 16 }
    Dataflow { TemporalMap(1,1) S; TemporalMap(16,16) X'; SpatialMap(1,1) K; }
  }
}
