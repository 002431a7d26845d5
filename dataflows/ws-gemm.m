// A systolic array that keeps the weights, for matrices: C = A * B.
//
// The array has a column of PEs per column of B and Rows PEs in each, one per summed index K.
// A tile of B stays while the rows of A stream through; a column's products are added on
// their way down it.  A cluster is a column of the array: with 1024 PEs and Rows 32 there are
// 32 of them.

Constant Rows 32;

Dataflow "WS-GEMM" for GEMM, MATMUL {
  TemporalMap(1,1) B;
  SpatialMap(1,1) N;
  TemporalMap(Rows,Rows) K;
  TemporalMap(1,1) M;
  Cluster(Rows);
  SpatialMap(1,1) K;
}
