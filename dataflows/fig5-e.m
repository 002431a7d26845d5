// Example E of the MAESTRO paper's Figure 5, a convolution of one dimension: D with a tile.
//
// Every PE keeps TileS neighbouring weights, so that its window slides: of its inputs one is
// new at a step and the others stay.

Constant TileS 2;  // weights in a PE

Dataflow "fig5-E" {
  SpatialMap(TileS,TileS) S;
  TemporalMap(1,1) X';
}
