// run: @ --model ok-net.m --hw ok-classic.hw
Dataflow {
  SpatialMap(1,1) K;
  TemporalMap(1,1) C;
}
