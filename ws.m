Network "net" { Layer CONV { Type: CONV, Dimensions { K: 16, C: 2, Y': 4, X': 4, R: 3, S: 3 } } }
Dataflow "ws" for CONV {
  TemporalMap(8,8) K;
  TemporalMap(1,1) C;
  Buffer(GLB) Input, Output;
  TemporalMap(1,1) Y';
  TemporalMap(1,1) X';
  SpatialMap(1,1) K;
  Fanout(PE);
  Buffer(RF) Weight, Output;
  TemporalMap(1,1) R;
  TemporalMap(1,1) S;
}
