// run: @ --model ok-net.m --hw ok.hw
Constant A = B + 1;
Constant B = C*2;
Constant C = A;
Constant D = D;
Dataflow {
  SpatialMap(A,D) K;
}
