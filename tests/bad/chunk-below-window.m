// run: @ --model ok-net.m --hw ok.hw
Dataflow {
  SpatialMap(1,1) K;
  TemporalMap(2,1) Y;
}
