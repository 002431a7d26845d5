// Example B of the MAESTRO paper's Figure 5, a convolution of one dimension: weight-stationary.
//
// A's loops exchanged: all PEs keep one weight while the outputs pass, so the weight is read
// once and the partial sums go up and come back for each weight.

Dataflow "fig5-B" {
  TemporalMap(1,1) S;
  SpatialMap(1,1) X';
}
