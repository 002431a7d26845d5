// run: @ --model ok-net.m --hw ok.hw
Dataflow {
  SpatialMap(1,1) K;
  Cluster(2147483647);
  SpatialMap(1,1) C;
  Cluster(2147483647);
  SpatialMap(1,1) C;
  Cluster(2147483647);
  SpatialMap(1,1) C;
}
