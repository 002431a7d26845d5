// run: @ --model ok-net.m --hw ok.hw
Dataflow {
  SpatialMap(1,1) K;
  TemporalMap(Sz(Q),1) C;
  TemporalMap(1,1) Z;
}
