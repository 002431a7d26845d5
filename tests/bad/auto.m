// run: @ --model ok-net.m --hw ok-hierarchy.hw
Dataflow {
  Buffer(GLB) Weight, auto;
  SpatialMap(1,1) K;
  Fanout(Column);
  Fanout(Row, 1);
}
