// Weights stay in the array of ff-gemmini.hw: filters over its rows, channels over its columns, an
// accumulator for the outputs of every row.

Constant TileK = 64;  // filters in the scratchpad
Constant TileC = max(16, min(64, 131072/(TileK*Sz(R)*Sz(S))));  // channels
Constant TileY = max(1, min(16, 4096/Sz(X')));  // rows of the output: an Accumulator has 4096 B
Constant Rows = 512;  // of GEMM: rows of A
Constant Deep = 512;  // summed indices
Constant Wide = 384;  // columns of B

Dataflow "weights stay" for CONV, FC, TRCONV {
  TemporalMap(1, 1) N;
  TemporalMap(TileK, TileK) K;
  TemporalMap(TileY, TileY) Y';
  TemporalMap(TileC, TileC) C;
  Buffer(Scratchpad) Input, Weight;
  SpatialMap(1, 1) K;
  Fanout(SARows);
  Buffer(Accumulator) Output;
  TemporalMap(1, 1) R;
  TemporalMap(1, 1) S;
  SpatialMap(1, 1) C;
  Fanout(SACols);
  Buffer(Register) Weight;
  TemporalMap(1, 1) Y';
  TemporalMap(1, 1) X';
}

// Grouped convolution: the groups one after the other.
Dataflow "weights stay" for NGCONV {
  TemporalMap(1, 1) G;
  TemporalMap(1, 1) N;
  TemporalMap(TileK, TileK) K;
  TemporalMap(TileY, TileY) Y';
  TemporalMap(TileC, TileC) C;
  Buffer(Scratchpad) Input, Weight;
  SpatialMap(1, 1) K;
  Fanout(SARows);
  Buffer(Accumulator) Output;
  TemporalMap(1, 1) R;
  TemporalMap(1, 1) S;
  SpatialMap(1, 1) C;
  Fanout(SACols);
  Buffer(Register) Weight;
  TemporalMap(1, 1) Y';
  TemporalMap(1, 1) X';
}

// Depth-wise: channels take the place of filters, and nothing is added over the others.
Dataflow "weights stay" for DSCONV {
  TemporalMap(1, 1) N;
  TemporalMap(TileK, TileK) C;
  TemporalMap(TileY, TileY) Y';
  Buffer(Scratchpad) Input, Weight;
  SpatialMap(1, 1) C;
  Fanout(SARows);
  Buffer(Accumulator) Output;
  TemporalMap(1, 1) R;
  TemporalMap(1, 1) S;
  Fanout(SACols, 1);
  Buffer(Register) Weight;
  TemporalMap(1, 1) Y';
  TemporalMap(1, 1) X';
}

Dataflow "weights stay" for GEMM {
  TemporalMap(1, 1) B;
  TemporalMap(Rows, Rows) M;
  TemporalMap(Deep, Deep) K;
  TemporalMap(Wide, Wide) N;
  Buffer(Scratchpad) Input, Weight;
  SpatialMap(1, 1) N;
  Fanout(SARows);
  Buffer(Accumulator) Output;
  SpatialMap(1, 1) K;
  TemporalMap(16, 16) M;
  Fanout(SACols);
  Buffer(Register) Weight;
  TemporalMap(1, 1) M;
}
