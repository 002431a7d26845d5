// run: @ --model ok-net.m --hw ok-hierarchy.hw
Dataflow {
  Buffer(GLN) Input;
  Buffer(Column);
  SpatialMap(1,1) K;
  Fanout(Colum);
  Fanout(WBuf);
  Fanout(Row);
}
