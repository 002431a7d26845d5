// run: @ --model ok-net.m --hw ok.hw
Dataflow {
  SpatialMap(1,1) K;
  Cluster(8);
  SpatialMap(1,1) C;
  Cluster(4);
  SpatialMap(1,1) R;
}
