// The mapping that FactorFlow (commit 062f9de) finds on ff-simba.hw for a GEMM of
// M 256, N 512, K 256.

Dataflow "simba MB6" for GEMM {
  TemporalMap(64, 64) M;
  Buffer(GlobalBuffer) Input, Output;
  SpatialMap(16, 16) K;
  Fanout(PEs, 16);
  Buffer(PEInputBuffer) Input;
  SpatialMap(128, 128) N;
  Fanout(DistributionBuffers, 4);
  Buffer(PEWeightBuffer) Weight;
  TemporalMap(1, 1) N;
  Buffer(PEAccuBuffer) Output;
  SpatialMap(1, 1) K;
  TemporalMap(1, 1) M;
  Fanout(RegMac, 4);
  Buffer(PEWeightRegs) Weight;
}
