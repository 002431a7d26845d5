// run: @ --model ok-net.m --hw ok-hierarchy.hw
Dataflow {
  Buffer(Mid) Input;
  TemporalMap(1,1) C;
  Buffer(GLB) Input, Output;
  SpatialMap(1,1) K;
  Fanout(Column);
  Fanout(Row, 1);
}
