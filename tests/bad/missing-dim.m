// run: @ --hw ok.hw
Dataflow {
  SpatialMap(1,1) K;
  TemporalMap(1,1) Y';
  TemporalMap(Sz(R),Sz(R)) S;
}
Network "n" {
  Layer L1 {
    Type: CONV
    Dimensions { K: 8, C: 4, S: 3 }
  }
  Layer L2 {
    Type: LSTM
    Dimensions { H: 8 }
  }
}
