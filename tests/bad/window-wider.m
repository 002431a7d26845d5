// run: @
Accelerator "a" { PEs: 16 }
Network "net" {
  Layer PW { Type: CONV Dimensions { K: 4, C: 4, R: 1, S: 1, Y: 8, X: 8 }
    Dataflow { TemporalMap(2,2) K; TemporalMap(3,3) R; SpatialMap(Sz(R),1) Y; TemporalMap(1,1) X; } }
}
