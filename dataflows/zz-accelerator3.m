// Outputs are added up beside the array of zz-accelerator3.hw: columns of the output over D1, channels
// over D2, rows of the window over D3.

Constant TileC = max(1, min(32, 512/(Sz(R)*Sz(S))));  // channels in SRAM_W: 16 KiB for 32 filters
Constant TileY = 2;  // rows of the output in SRAM_IO
Constant Rows = 32;  // of GEMM: rows of A in SRAM_IO
Constant Deep = 512;  // summed indices

Dataflow "X|C|R" for CONV, FC, TRCONV {
  TemporalMap(1, 1) N;
  TemporalMap(TileY, TileY) Y';
  TemporalMap(32, 32) K;
  TemporalMap(TileC, TileC) C;
  Buffer(SRAM_W) Weight;
  Buffer(SRAM_IO) Input, Output;
  TemporalMap(1, 1) K;
  TemporalMap(1, 1) Y';
  SpatialMap(1, 1) X';
  Fanout(D1);
  Buffer(RF_O) Output;
  TemporalMap(1, 1) S;
  SpatialMap(1, 1) C;
  Fanout(D2);
  SpatialMap(1, 1) R;
  Fanout(D3);
  Buffer(RF_W) Weight;
  Buffer(RF_I) Input;
}

// Grouped convolution: the groups one after the other.
Dataflow "X|C|R" for NGCONV {
  TemporalMap(1, 1) G;
  TemporalMap(1, 1) N;
  TemporalMap(TileY, TileY) Y';
  TemporalMap(32, 32) K;
  TemporalMap(TileC, TileC) C;
  Buffer(SRAM_W) Weight;
  Buffer(SRAM_IO) Input, Output;
  TemporalMap(1, 1) K;
  TemporalMap(1, 1) Y';
  SpatialMap(1, 1) X';
  Fanout(D1);
  Buffer(RF_O) Output;
  TemporalMap(1, 1) S;
  SpatialMap(1, 1) C;
  Fanout(D2);
  SpatialMap(1, 1) R;
  Fanout(D3);
  Buffer(RF_W) Weight;
  Buffer(RF_I) Input;
}

// Depth-wise: channels take the place of filters, and nothing is added over the others.
Dataflow "X|C|R" for DSCONV {
  TemporalMap(1, 1) N;
  TemporalMap(TileY, TileY) Y';
  TemporalMap(32, 32) C;
  Buffer(SRAM_W) Weight;
  Buffer(SRAM_IO) Input, Output;
  TemporalMap(1, 1) C;
  TemporalMap(1, 1) Y';
  SpatialMap(1, 1) X';
  Fanout(D1);
  Buffer(RF_O) Output;
  TemporalMap(1, 1) S;
  Fanout(D2, 1);
  SpatialMap(1, 1) R;
  Fanout(D3);
  Buffer(RF_W) Weight;
  Buffer(RF_I) Input;
}

Dataflow "M|K" for GEMM {
  TemporalMap(1, 1) B;
  TemporalMap(Rows, Rows) M;
  TemporalMap(32, 32) N;
  TemporalMap(Deep, Deep) K;
  Buffer(SRAM_W) Weight;
  Buffer(SRAM_IO) Input, Output;
  TemporalMap(1, 1) N;
  SpatialMap(1, 1) M;
  Fanout(D1);
  Buffer(RF_O) Output;
  SpatialMap(4, 4) K;
  Fanout(D2);
  SpatialMap(1, 1) K;
  Fanout(D3);
  Buffer(RF_W) Weight;
  Buffer(RF_I) Input;
}
