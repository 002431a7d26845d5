// An output-stationary systolic array, fold by fold: a step of level 0 is a fold, in which all of
// the summed dim passes.  dataflows/os-gemm.m has the same folds, and K step by step.

Dataflow "systolic-os" for GEMM {
  TemporalMap(32,32) M;
  TemporalMap(32,32) N;
  Cluster(32);
  SpatialMap(1,1) M;
  Cluster(32);
  SpatialMap(1,1) N;
}
