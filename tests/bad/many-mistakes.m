// run: @ --model ok-net.m --hw ok.hw
Constant T = 1 / 0;
Dataflow {
  SpatialMap(1,1) Q;
  TemporlMap(1,1) C;
  TemporalMap(T,2) C;
  TemporalMap(1 1) R;
}
