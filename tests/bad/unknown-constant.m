// run: @ --model ok-net.m --hw ok.hw
Constant TileK 4;
Dataflow {
  SpatialMap(TileK,Tilek) K;
  TemporalMap(Qqqqq,1) C;
}
