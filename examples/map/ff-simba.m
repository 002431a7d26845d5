// FactorFlow's constraints for GEMMs on ff-simba.hw are what the fan-outs may divide: --set
// PEs.dims=N,K --set DistributionBuffers.dims=N --set RegMac.dims=K.

Dataflow "ff-simba" for GEMM {
  Any;
  Buffer(GlobalBuffer) ?;
  Any;
  Fanout(PEs, ?);
  SpatialMap(?,?) ?;
  Fanout(PEs, ?);
  Buffer(PEInputBuffer) ?;
  Any;
  Fanout(DistributionBuffers, ?);
  Buffer(PEWeightBuffer) ?;
  Any;
  Buffer(PEAccuBuffer) ?;
  Any;
  Fanout(RegMac, ?);
  Buffer(PEWeightRegs) ?;
  Any;
}
