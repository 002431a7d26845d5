// run: @ --model ok-net.m --hw ok-hierarchy.hw
Dataflow {
  SpatialMap(1,1) K;
  Fanout(Row);
  SpatialMap(1,1) C;
  Fanout(Column);
}
