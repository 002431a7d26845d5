// A weight-stationary systolic array, fold by fold: a step of level 0 is a fold, in which all rows
// of A pass.  dataflows/ws-gemm.m has the same folds, and the rows one step each.

Dataflow "systolic-ws" for GEMM {
  TemporalMap(32,32) K;
  TemporalMap(32,32) N;
  Cluster(32);
  SpatialMap(1,1) N;
  Cluster(32);
  SpatialMap(1,1) K;
}
