// run: @ --hw ok.hw
Dataflow "f" {
  SpatialMap(1,1) K;
  TemporalMap(1,1) C;
}
Dataflow "g" {
  SpatialMap(1,1) K;
  TemporalMap(1,1) C;
}
Network "n" {
  Layer L1 {
    Type: CONV
    Dimensions { K: 8, C: 4, R: 3, S: 3, Y: 10, X: 10 }
  }
}
