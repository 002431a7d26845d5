// FactorFlow's constraints for GEMMs on ff-gemmini.hw: 16 columns of B over the rows, 16 summed indices
// over the columns, 16 rows of A for the weight that a PE has.  The first part of SACols divides
// nothing: it is a place for loops in any order.

Dataflow "ff-gemmini" for GEMM {
  Any;
  Buffer(Scratchpad) ?;
  Any;
  SpatialMap(?,?) N;
  Fanout(SARows, 16);
  Buffer(Accumulator) ?;
  Any;
  Fanout(SACols, 1);
  SpatialMap(1,1) K;
  TemporalMap(16,16) M;
  Fanout(SACols, 16);
  Buffer(Register) ?;
  TemporalMap(1,1) M;
}
