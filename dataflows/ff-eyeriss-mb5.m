// The mapping that FactorFlow (commit 062f9de) finds on ff-eyeriss.hw for a GEMM of
// M 8, N 8192, K 1024.

Dataflow "eyeriss MB5" for GEMM {
  TemporalMap(128, 128) K;
  Buffer(GlobalBuffer) Input, Output;
  TemporalMap(128, 128) N;
  TemporalMap(1, 1) M;
  SpatialMap(16, 16) K;
  Fanout(SACols, 8);
  SpatialMap(16, 16) N;
  Fanout(SARows, 8);
  Buffer(InRegister) Input;
  Buffer(WRegister) Weight;
  TemporalMap(1, 1) K;
  Buffer(OutRegister) Output;
  TemporalMap(1, 1) N;
}
