// FactorFlow's constraints for GEMMs on ff-eyeriss.hw: loops in any order outside the fan-outs, and
// which loops stand inside the registers.  What the fan-outs may divide stands with the machine:
// --set SACols.dims=N,K --set SARows.dims=N.

Dataflow "ff-eyeriss" for GEMM {
  Any;
  Buffer(GlobalBuffer) ?;
  Any;
  Fanout(SACols, ?);
  SpatialMap(?,?) ?;
  Fanout(SACols, ?);
  SpatialMap(?,?) ?;
  Fanout(SARows, ?);
  Buffer(InRegister) ?;
  Buffer(WRegister) ?;
  Any over K;
  Buffer(OutRegister) ?;
  Any over N;
}
