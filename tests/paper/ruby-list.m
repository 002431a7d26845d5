// A list over PEs: what each has of it at a time.

Dataflow "list" for GEMM {
  SpatialMap(?,?) M;
  Fanout(PEs, ?);
}
