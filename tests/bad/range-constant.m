// run: @ --model ok-net.m --hw ok.hw
Constant T = 4096*4096*4096;
Dataflow {
  SpatialMap(1,1) K;
  TemporalMap(T,T) C;
}
