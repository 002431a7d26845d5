// The mapping that FactorFlow (commit 062f9de) finds on ff-gemmini.hw for a GEMM of
// M 4096, N 4096, K 64: keys times queries of a head of BERT-large.

Dataflow "gemmini KTQ" for GEMM {
  TemporalMap(16, 16) N;
  Buffer(Scratchpad) Input, Weight;
  TemporalMap(16, 16) K;
  SpatialMap(1, 1) N;
  Fanout(SARows, 16);
  Buffer(Accumulator) Output;
  TemporalMap(16, 16) M;
  SpatialMap(1, 1) K;
  Fanout(SACols, 16);
  Buffer(Register) Weight;
  TemporalMap(1, 1) M;
}
