// run: @ --model ok-net.m --hw ok.hw
Constant T 4;
Constant T 5;
Dataflow {
  SpatialMap(T,T) K;
}
