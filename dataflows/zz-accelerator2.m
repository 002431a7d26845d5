// Outputs stay in the array of zz-accelerator2.hw: filters over D2, columns of the output over D1.

Constant TileC = max(1, min(32, 512/(Sz(R)*Sz(S))));  // channels in SRAM_W: 16 KiB for 32 filters
Constant TileY = 2;  // rows of the output in SRAM_IO
Constant Rows = 32;  // of GEMM: rows of A in SRAM_IO
Constant Deep = 512;  // summed indices
Constant Step = max(1, (Sz(X) - Win(S))/max(1, Sz(X') - 1));  // the stride
Constant TileX = 31/Step + 1;  // columns of the output side by side: their inputs fill RF_I, 32 B

Dataflow "X|K" for CONV, FC, TRCONV {
  TemporalMap(1, 1) N;
  TemporalMap(TileY, TileY) Y';
  TemporalMap(32, 32) K;
  TemporalMap(TileC, TileC) C;
  Buffer(SRAM_W) Weight;
  Buffer(SRAM_IO) Input, Output;
  TemporalMap(1, 1) Y';
  TemporalMap(TileX, TileX) X';
  TemporalMap(1, 1) C;
  TemporalMap(1, 1) R;
  TemporalMap(1, 1) S;
  Buffer(RF_I) Input;
  SpatialMap(1, 1) K;
  Fanout(D2);
  Buffer(RF_W) Weight;
  SpatialMap(1, 1) X';
  Fanout(D1);
  Buffer(RF_O) Output;
}

// Grouped convolution: the groups one after the other.
Dataflow "X|K" for NGCONV {
  TemporalMap(1, 1) G;
  TemporalMap(1, 1) N;
  TemporalMap(TileY, TileY) Y';
  TemporalMap(32, 32) K;
  TemporalMap(TileC, TileC) C;
  Buffer(SRAM_W) Weight;
  Buffer(SRAM_IO) Input, Output;
  TemporalMap(1, 1) Y';
  TemporalMap(TileX, TileX) X';
  TemporalMap(1, 1) C;
  TemporalMap(1, 1) R;
  TemporalMap(1, 1) S;
  Buffer(RF_I) Input;
  SpatialMap(1, 1) K;
  Fanout(D2);
  Buffer(RF_W) Weight;
  SpatialMap(1, 1) X';
  Fanout(D1);
  Buffer(RF_O) Output;
}

// Depth-wise: channels take the place of filters, and nothing is added over the others.
Dataflow "X|K" for DSCONV {
  TemporalMap(1, 1) N;
  TemporalMap(TileY, TileY) Y';
  TemporalMap(32, 32) C;
  Buffer(SRAM_W) Weight;
  Buffer(SRAM_IO) Input, Output;
  TemporalMap(1, 1) Y';
  TemporalMap(TileX, TileX) X';
  TemporalMap(1, 1) R;
  TemporalMap(1, 1) S;
  SpatialMap(1, 1) C;
  Fanout(D2);
  Buffer(RF_W) Weight;
  SpatialMap(1, 1) X';
  Fanout(D1);
  Buffer(RF_O) Output;
}

Dataflow "X|K" for GEMM {
  TemporalMap(1, 1) B;
  TemporalMap(Rows, Rows) M;
  TemporalMap(32, 32) N;
  TemporalMap(Deep, Deep) K;
  Buffer(SRAM_W) Weight;
  Buffer(SRAM_IO) Input, Output;
  TemporalMap(32, 32) M;
  TemporalMap(1, 1) K;
  Buffer(RF_I) Input;
  SpatialMap(1, 1) N;
  Fanout(D2);
  Buffer(RF_W) Weight;
  SpatialMap(1, 1) M;
  Fanout(D1);
  Buffer(RF_O) Output;
}
