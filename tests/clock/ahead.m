// Data that arrives while the tile before it is in use: 64 weights serve 49 steps.
Accelerator "a" { PEs: 64, NoC 0 { Bandwidth { W: 4 } } }
Network "n" {
  Layer L {
    Type: CONV
    Dimensions { K: 64, C: 64, R: 1, S: 1, Y: 7, X: 7 }
    Dataflow { SpatialMap(1,1) K; TemporalMap(1,1) C; TemporalMap(1,1) Y; TemporalMap(1,1) X; }
  }
}
