// FactorFlow's constraints for GEMMs on ff-simba.hw: what the fan-outs may divide.

Dataflow "ff-simba" for GEMM {
  Any;
  Buffer(GlobalBuffer) ?;
  Any;
  SpatialMap(?,?) ? in {N, K};
  Fanout(PEs, ?);
  SpatialMap(?,?) ? in {N, K};
  Fanout(PEs, ?);
  Buffer(PEInputBuffer) ?;
  Any;
  SpatialMap(?,?) N;
  Fanout(DistributionBuffers, ?);
  Buffer(PEWeightBuffer) ?;
  Any;
  Buffer(PEAccuBuffer) ?;
  Any;
  SpatialMap(?,?) K;
  Fanout(RegMac, ?);
  Buffer(PEWeightRegs) ?;
  Any;
}
