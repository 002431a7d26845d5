// run: ok-flow.m --model @ --hw ok.hw
Dataflow "f" {
  SpatialMap(1,1) K;
  TemporalMap(1,1) C;
}
