// run: @ --model ok-net.m --hw ok-classic.hw
Dataflow {
  Buffer(GLB);
  SpatialMap(1,1) K;
  Cluster(4);
  SpatialMap(1,1) C;
  Fanout(PE, 4);
}
