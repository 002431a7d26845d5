// run: @ --model ok-net.m --hw ok.hw
Dataflow {
  SpatialMap(1,1) K;
  TemporalMap(1,1) K;
  TemporalMap(3,1) Y;
  TemporalMap(1,1) Y';
}
