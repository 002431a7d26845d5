// run: @ --model ok-net.m --hw ok.hw
Dataflow {
  SpatialMap(mim(1,2),1) K;
  TemporalMap(sqrt(4),1) C;
}
