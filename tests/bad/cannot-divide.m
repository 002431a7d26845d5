// run: @ --model ok-net.m --hw ok-hierarchy.hw
Dataflow {
  SpatialMap(1,1) Y';
  Fanout(Column);
  SpatialMap(Sz(R),1) Y;
  Fanout(Row);
}
