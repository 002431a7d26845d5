// run: @ --model ok-net.m --hw ok.hw
Dataflow {
  SpatialMap(1,1) K;
  TemporalMap(3,1) Y;
  TemporalMap(1,1) R;
  Cluster(4);
  SpatialMap(1,1) S;
  SpatialMap(2,1) X;
}
