// Example D of the MAESTRO paper's Figure 5, a convolution of one dimension: weight-stationary
// by collaboration.
//
// C's loops exchanged: every PE keeps its weight while the outputs pass.  The input of a PE is
// the one that its right neighbour had a step before.

Dataflow "fig5-D" {
  SpatialMap(1,1) S;
  TemporalMap(1,1) X';
}
