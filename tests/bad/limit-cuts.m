// run: @ --model ok-net.m --hw ok-hierarchy.hw
Dataflow {
  Level; Level; Level; Level; Level; Level; Level; Level; Level;
  TemporalMap(1,1) K;
  Fanout(Column, 1); Fanout(Row, 1);
}
