// The mapping that FactorFlow (commit 062f9de) finds on ff-eyeriss.hw for a GEMM of
// M 256, N 512, K 256.

Dataflow "eyeriss MB6" for GEMM {
  TemporalMap(256, 256) N;
  Buffer(GlobalBuffer) Input, Output;
  SpatialMap(16, 16) K;
  TemporalMap(128, 128) N;
  TemporalMap(1, 1) M;
  Fanout(SACols, 8);
  SpatialMap(16, 16) N;
  Fanout(SARows, 8);
  Buffer(InRegister) Input;
  Buffer(WRegister) Weight;
  TemporalMap(1, 1) K;
  Buffer(OutRegister) Output;
  TemporalMap(1, 1) N;
}
