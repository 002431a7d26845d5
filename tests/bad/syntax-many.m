// run: @ --model ok-net.m --hw ok.hw
Dataflow {
  SpatialMap(1,1 K;
  TemporalMap(1,1) C;
  TemporalMap(,1) R;
  Cluster(2;
  TemporalMap(1,1)) S;
}
Constant 7;
