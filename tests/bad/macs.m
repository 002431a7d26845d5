// run: @ --hw ok.hw
Operator CUBE {
  Output O[A][B];
  Input I[A][C];
  Input J[B][D];
}
Dataflow {
  SpatialMap(1,1) A;
}
Network "n" {
  Layer BIG {
    Type: CUBE
    Dimensions { A: 2147483647, B: 2147483647, C: 2147483647, D: 2 }
  }
}
