// Pooling is a vector operator, and takes no dataflow; this is what a core has to have.

Dataflow "none" for FC {
  TemporalMap(1, 1) N;
  Buffer(SRAM) Input, Weight, Output;
  SpatialMap(1, 1) K;
  Fanout(D1);
}
