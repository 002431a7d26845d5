// run: @ --model ok-net.m --hw ok-hierarchy.hw
Dataflow {
  Buffer(GLB);
  TemporalMap(1,1) C;
  SpatialMap(1,1) K;
  Fanout(Row);
}
