// run: @ --model ok-net.m --hw ok-hierarchy.hw
Constant lanes = 4;
Constant PEs = 4;
Constant Width = 4;
Dataflow {
  TemporalMap(Width,Width) K;
  SpatialMap(lanes,lanes) C;
  Fanout(Column, PEs);
  Fanout(Row, 1);
}
