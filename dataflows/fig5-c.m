// Example C of the MAESTRO paper's Figure 5, a convolution of one dimension: output-stationary
// by collaboration.
//
// The PEs share one output: each has a weight of it, and their products are added on their way
// up.  The output stays until all weights have been there; the weights do not.

Dataflow "fig5-C" {
  TemporalMap(1,1) X';
  SpatialMap(1,1) S;
}
