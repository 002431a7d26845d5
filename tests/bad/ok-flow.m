// A dataflow without mistakes.
Dataflow "f" {
  SpatialMap(1,1) K;
  TemporalMap(1,1) C;
}
