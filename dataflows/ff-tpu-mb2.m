// The mapping that FactorFlow (commit 062f9de) finds on ff-tpu.hw for a GEMM of
// M 1024, N 1024, K 8192.

Dataflow "tpu MB2" for GEMM {
  TemporalMap(256, 256) N;
  Buffer(UnifiedBuffer) Input;
  TemporalMap(1024, 1024) K;
  Buffer(WeightsFIFO) Weight;
  SpatialMap(1, 1) N;
  Fanout(SARows, 256);
  Buffer(Accumulator) Output;
  SpatialMap(1, 1) K;
  Fanout(SACols, 256);
  Buffer(Register) Weight;
  TemporalMap(1, 1) M;
}
