// FactorFlow's constraints for GEMMs on ff-eyeriss.hw: what the fan-outs may divide, and which loops
// stand inside the registers.

Dataflow "ff-eyeriss" for GEMM {
  Any;
  Buffer(GlobalBuffer) ?;
  Any;
  SpatialMap(?,?) ? in {N, K};
  Fanout(SACols, ?);
  SpatialMap(?,?) ? in {N, K};
  Fanout(SACols, ?);
  SpatialMap(?,?) N;
  Fanout(SARows, ?);
  Buffer(InRegister) ?;
  Buffer(WRegister) ?;
  Any over K;
  Buffer(OutRegister) ?;
  Any over N;
}
