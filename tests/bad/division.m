// run: @ --model ok-net.m --hw ok.hw
Constant Z = 0;
Constant A = 4 / Z;
Constant B = 4 % (2 - 2);
Constant C = ceil(3, Z);
Dataflow {
  SpatialMap(1,1) K;
  TemporalMap(A,B+C) C;
}
