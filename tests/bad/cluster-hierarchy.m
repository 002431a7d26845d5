// run: @ --model ok-net.m --hw ok-hierarchy.hw
Dataflow {
  SpatialMap(1,1) K;
  Cluster(4);
  SpatialMap(1,1) C;
  Cluster(2);
}
