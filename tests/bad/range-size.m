// run: @ --model ok-net.m --hw ok.hw
Dataflow {
  SpatialMap(0,1) K;
  TemporalMap(1,-1) C;
  Cluster(0);
  SpatialMap(1,1) C;
}
