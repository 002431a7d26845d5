// run: @ --model ok-net.m --hw ok.hw
Constant A = 2147483647*2147483647*2147483647;
Dataflow {
  SpatialMap(1,1) K;
  TemporalMap(A,1) C;
}
