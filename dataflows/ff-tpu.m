// Weights stay in the array of ff-tpu.hw: filters over its rows, channels over its columns, an
// accumulator for the outputs of every row.

Constant TileC = max(1, min(256, 262144/(256*Sz(R)*Sz(S))));  // channels: WeightsFIFO has 256 KiB
Constant TileY = max(1, 2048/Sz(X'));  // rows of the output: an Accumulator holds 2048 twice
Constant Rows = 2048;  // of GEMM: rows of A
Constant Deep = 1024;  // summed indices

Dataflow "weights stay" for CONV, FC, TRCONV {
  TemporalMap(1, 1) N;
  TemporalMap(TileY, TileY) Y';
  TemporalMap(256, 256) K;
  Buffer(UnifiedBuffer) Input;
  TemporalMap(TileC, TileC) C;
  Buffer(WeightsFIFO) Weight;
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
  TemporalMap(TileY, TileY) Y';
  TemporalMap(256, 256) K;
  Buffer(UnifiedBuffer) Input;
  TemporalMap(TileC, TileC) C;
  Buffer(WeightsFIFO) Weight;
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
  TemporalMap(TileY, TileY) Y';
  TemporalMap(256, 256) C;
  Buffer(UnifiedBuffer) Input;
  Buffer(WeightsFIFO) Weight;
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
  TemporalMap(256, 256) N;
  Buffer(UnifiedBuffer) Input;
  TemporalMap(Deep, Deep) K;
  Buffer(WeightsFIFO) Weight;
  SpatialMap(1, 1) N;
  Fanout(SARows);
  Buffer(Accumulator) Output;
  SpatialMap(1, 1) K;
  Fanout(SACols);
  Buffer(Register) Weight;
  TemporalMap(1, 1) M;
}
