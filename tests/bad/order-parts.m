// run: @ --model ok-net.m --hw ok-hierarchy.hw
Dataflow {
  SpatialMap(1,1) K;
  Fanout(Column, 2);
  Buffer(WBuf) Weight;
  SpatialMap(1,1) C;
  Fanout(Column);
  Fanout(Row, 1);
}
