// run: @ --model ok-net.m --hw ok-hierarchy.hw
Dataflow {
  Buffer(GLB) Input;
  TemporalMap(1,1) K;
  Buffer(GLB);
  Buffer(Mid) Input, I;
  Fanout(Column, 1);
  Fanout(Row, 1);
}
