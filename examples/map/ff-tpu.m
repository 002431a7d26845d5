// FactorFlow's constraints for GEMMs on ff-tpu.hw: 256 columns of B over the rows, 256 summed indices
// over the columns, any number of rows of A for the weight that a PE has.  What the fan-outs may
// divide stands with the machine: --set SARows.dims=N --set SACols.dims=K.

Dataflow "ff-tpu" for GEMM {
  Any;
  Buffer(UnifiedBuffer) ?;
  Any;
  Buffer(WeightsFIFO) ?;
  Any;
  Fanout(SARows, 256);
  Buffer(Accumulator) ?;
  Any;
  Fanout(SACols, 256);
  Buffer(Register) ?;
  Any over M;
}
