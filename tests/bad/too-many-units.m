// run: @ --model ok-net.m --hw ok-hierarchy.hw
Constant Half = 2;
Dataflow {
  SpatialMap(1,1) K;
  Fanout(Column, Half);
  SpatialMap(1,1) C;
  Fanout(Column, Half + 1);
  SpatialMap(1,1) K;
  Fanout(Row, 2*Sz(C));
  Fanout(Row, 0);
}
