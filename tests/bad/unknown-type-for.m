// run: @ --model ok-net.m --hw ok.hw
Dataflow "f" for POOOL {
  SpatialMap(1,1) C;
}
Dataflow "f" {
  SpatialMap(1,1) K;
  TemporalMap(1,1) C;
}
