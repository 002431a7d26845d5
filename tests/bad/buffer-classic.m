// run: @ --model ok-net.m --hw ok.hw
Dataflow {
  SpatialMap(1,1) K;
  Fanout(PE);
  Buffer(L1);
  Level;
}
