// run: @ --hw ok.hw
Network "n" {
  Layer L1 {
    Type: CONV
    Dimensions { K = 8, C: 4, R: 3, S: 3, Y: 10, X: 10 }
  }
}
Dataflow "d" { SpatialMap(1,1) K; TemporalMap(50%,1) C; }
