// A systolic array that keeps the results, for matrices: C = A * B.
//
// Every PE has an element of C until all of K has been summed: the rows of the array have rows
// of A, its Columns columns have columns of B, and both stream through, one summed index at a
// time.  A cluster is a row of the array: with 1024 PEs and Columns 32 there are 32 of them.

Constant Columns 32;

Dataflow "OS-GEMM" for GEMM, MATMUL {
  TemporalMap(1,1) B;
  SpatialMap(1,1) M;
  TemporalMap(Columns,Columns) N;
  TemporalMap(1,1) K;
  Cluster(Columns);
  SpatialMap(1,1) N;
}
