// run: @ --model ok-net.m --hw ok-hierarchy.hw
Dataflow {
  Buffer(WBuf);
  SpatialMap(1,1) K;
  Fanout(Column);
  Buffer(GLB) Input;
  SpatialMap(1,1) C;
  Fanout(Row);
  Buffer(WBuf) Weight;
}
