// Example F of the MAESTRO paper's Figure 5, a convolution of one dimension: A and D in two
// levels.
//
// The clusters have neighbouring outputs, as the PEs of A; the PEs of a cluster have the
// weights of its output, as the PEs of D, and their products are added on their way up.  Try
// dcc fig5-f.m --model conv1d.m --hw paper256.hw --set pes=6

Constant Weights 3;  // PEs of a cluster

Dataflow "fig5-F" {
  TemporalMap(Weights,Weights) S;
  SpatialMap(1,1) X';
  Cluster(Weights);
  SpatialMap(1,1) S;
}
