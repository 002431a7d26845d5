// run: @ --model ok-net.m --hw ok-hierarchy.hw
Dataflow {
  Buffer(DRAM) Weight;
  Buffer(GLB) Weight, Output;
  Fanout(Column, 1);
  Fanout(Row, 1);
}
