// run: @ --model ok-net.m --hw ok.hw
Constant T 4;
Dataflow "f" {
  SpatialMap(1,1) K;
  TemporalMap(1,1) C;
}
