// The mapping that FactorFlow (commit 062f9de) finds on ff-gemmini.hw for a GEMM of
// M 4096, N 3072, K 1024: the queries, keys and values of BERT-large.

Dataflow "gemmini KQV" for GEMM {
  TemporalMap(512, 512) M;
  TemporalMap(512, 512) K;
  TemporalMap(384, 384) N;
  Buffer(Scratchpad) Input, Weight;
  SpatialMap(1, 1) N;
  Fanout(SARows, 16);
  Buffer(Accumulator) Output;
  SpatialMap(1, 1) K;
  TemporalMap(16, 16) M;
  Fanout(SACols, 16);
  Buffer(Register) Weight;
  TemporalMap(1, 1) M;
}
