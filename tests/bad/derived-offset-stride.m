// run: ok-flow.m --model @ --hw ok.hw
Network "n" {
  Layer L1 {
    Type: CONV
    Stride { Y: 2 }
    Dimensions { K: 8, C: 4, R: 3, S: 3, Y: 11, X: 10 }
    Dataflow {
      SpatialMap(1,1) K;
      Cluster(3);
      SpatialMap(2,2) Y;
      SpatialMap(1,1) R;
    }
  }
}
