// run: @ --model ok-net.m --hw ok.hw
Constant T = ;
Dataflow {
  SpatialMap(T,T) K;
}
