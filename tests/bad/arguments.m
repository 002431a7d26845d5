// run: @ --model ok-net.m --hw ok.hw
Dataflow {
  SpatialMap(1) K;
  TemporalMap(1,1);
  TemporalMap(max(1),1) C;
  Cluster();
  TemporalMap(Sz(R+1),1) R;
  Cluster(4, Q);
  TemporalMap(Sz(),1) S;
}
