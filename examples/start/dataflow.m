// A dataflow: how the work of a layer is dealt out over PEs and time; see dcc-dataflow(5).
//
// Directives stand outermost first, each for one dim of the layer:
//   TemporalMap(size, offset) dim   chunks of the dim one after the other
//   SpatialMap(size, offset) dim    chunks of the dim on different PEs at a time
// Dims of a convolution: K filters, C channels, Y and X rows and columns of the input, R and S those
// of a filter; Sz(R) is all of R.
Constant TileK = 4;

Dataflow "@NAME@" {
  SpatialMap(TileK, TileK) K;   // PEs share the input and take filters of their own,
  TemporalMap(1, 1) C;          // channel by channel,
  TemporalMap(Sz(R), 1) Y;      // and slide the window over the rows
  TemporalMap(Sz(S), 1) X;      // and the columns
}
