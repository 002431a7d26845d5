// Weights stay in the array of zz-accelerator1.hw: filters over D2, channels over D1.

Constant TileC = max(1, min(32, 512/(Sz(R)*Sz(S))));  // channels in SRAM_W: 16 KiB for 32 filters
Constant TileY = 2;  // rows of the output in SRAM_IO
Constant Rows = 32;  // of GEMM: rows of A in SRAM_IO
Constant Deep = 512;  // summed indices

Dataflow "C|K" for CONV, FC, TRCONV {
  TemporalMap(1, 1) N;
  TemporalMap(TileY, TileY) Y';
  TemporalMap(32, 32) K;
  TemporalMap(TileC, TileC) C;
  Buffer(SRAM_W) Weight;
  Buffer(SRAM_IO) Input, Output;
  TemporalMap(1, 1) R;
  TemporalMap(1, 1) S;
  TemporalMap(1, 1) Y';
  TemporalMap(1, 1) X';
  Buffer(RF_I) Input;
  SpatialMap(1, 1) K;
  Fanout(D2);
  Buffer(RF_O) Output;
  SpatialMap(1, 1) C;
  Fanout(D1);
  Buffer(RF_W) Weight;
}

// Grouped convolution: the groups one after the other.
Dataflow "C|K" for NGCONV {
  TemporalMap(1, 1) G;
  TemporalMap(1, 1) N;
  TemporalMap(TileY, TileY) Y';
  TemporalMap(32, 32) K;
  TemporalMap(TileC, TileC) C;
  Buffer(SRAM_W) Weight;
  Buffer(SRAM_IO) Input, Output;
  TemporalMap(1, 1) R;
  TemporalMap(1, 1) S;
  TemporalMap(1, 1) Y';
  TemporalMap(1, 1) X';
  Buffer(RF_I) Input;
  SpatialMap(1, 1) K;
  Fanout(D2);
  Buffer(RF_O) Output;
  SpatialMap(1, 1) C;
  Fanout(D1);
  Buffer(RF_W) Weight;
}

// Depth-wise: channels take the place of filters, and nothing is added over the others.
Dataflow "C|K" for DSCONV {
  TemporalMap(1, 1) N;
  TemporalMap(TileY, TileY) Y';
  TemporalMap(32, 32) C;
  Buffer(SRAM_W) Weight;
  Buffer(SRAM_IO) Input, Output;
  TemporalMap(1, 1) R;
  TemporalMap(1, 1) S;
  TemporalMap(1, 1) Y';
  TemporalMap(1, 1) X';
  Buffer(RF_I) Input;
  SpatialMap(1, 1) C;
  Fanout(D2);
  Buffer(RF_O) Output;
  Fanout(D1, 1);
  Buffer(RF_W) Weight;
}

Dataflow "C|K" for GEMM {
  TemporalMap(1, 1) B;
  TemporalMap(Rows, Rows) M;
  TemporalMap(32, 32) N;
  TemporalMap(Deep, Deep) K;
  Buffer(SRAM_W) Weight;
  Buffer(SRAM_IO) Input, Output;
  TemporalMap(32, 32) K;
  TemporalMap(1, 1) M;
  Buffer(RF_I) Input;
  SpatialMap(1, 1) N;
  Fanout(D2);
  Buffer(RF_O) Output;
  SpatialMap(1, 1) K;
  Fanout(D1);
  Buffer(RF_W) Weight;
}
