// The mapping of ZigZag's GEMM of M, N and K 128 on zz-gemm-l1-l3.hw (3.8.5).
//
// The empty cut is there because a level maps a dim once.

Dataflow "gemm-l1-l3" for GEMM {
  Buffer(L1);
  TemporalMap(32, 32) M;
  TemporalMap(32, 32) N;
  TemporalMap(32, 32) K;
  Fanout(D3, 1);
  TemporalMap(8, 8) M;
  TemporalMap(8, 8) K;
  SpatialMap(1, 1) N;
  Fanout(D3, 8);
  SpatialMap(1, 1) M;
  Fanout(D1, 8);
  Buffer(REG_O) Output;
  SpatialMap(1, 1) K;
  Fanout(D2, 8);
}
