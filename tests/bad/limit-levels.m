// run: @ --model ok-net.m --hw ok.hw
Dataflow {
  Cluster(1);
  Cluster(1);
  Cluster(1);
  Cluster(1);
  Cluster(1);
  Cluster(1);
  Cluster(1);
  Cluster(1);
  Cluster(1);
  SpatialMap(1,1) K;
}
