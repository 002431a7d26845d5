// run: @ --model ok-net.m --hw ok.hw
Dataflow {
  SpatialMap(1,1) K;
  TemporalMap(2,2) C;  // and then a hole
  TemporalMap(? <= 4, ?) R;
  Cluster(?);
  Any;
}
