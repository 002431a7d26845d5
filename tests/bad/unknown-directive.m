// run: @ --model ok-net.m --hw ok.hw
Dataflow {
  SpatialMap(1,1) K;
  TemporlMap(1,1) C;
  Type: CONV
}
