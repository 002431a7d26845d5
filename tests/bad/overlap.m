// run: @ --model ok-net.m --hw ok.hw
Dataflow {
  SpatialMap(2,1) K;
  TemporalMap(5,2) Y;
}
