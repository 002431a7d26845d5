// run: @ --model ok-net.m --hw ok.hw
Dataflow {
  SpatialMap(2,3) K;
  TemporalMap(4,6) X;
}
