// Example A of the MAESTRO paper's Figure 5, a convolution of one dimension: output-stationary.
//
// Every PE has an output and keeps its sum while the weights come by, one at a time and the
// same one for all PEs.  Try: dcc fig5-a.m --model conv1d.m --hw paper256.hw --set pes=3

Dataflow "fig5-A" {
  SpatialMap(1,1) X';
  TemporalMap(1,1) S;
}
