// Outputs stay in the registers of zz-gemm-l1-l3.hw: columns of B over D3, rows of A over D1, summed
// indices over D2; of convolutions filters, columns of the output and channels.

Constant Tile = 96;  // of GEMM: rows, columns and summed indices in L1, which holds them twice
Constant TileK = 32;  // of CONV: filters
Constant TileC = max(1, min(32, 1024/(Sz(R)*Sz(S))));  // channels
Constant TileY = 1;  // rows of the output

Dataflow "outputs stay" for CONV, FC, TRCONV {
  TemporalMap(1, 1) N;
  TemporalMap(TileY, TileY) Y';
  TemporalMap(TileK, TileK) K;
  TemporalMap(TileC, TileC) C;
  TemporalMap(64, 64) X';
  Buffer(L1);
  TemporalMap(8, 8) X';
  TemporalMap(1, 1) Y';
  SpatialMap(1, 1) K;
  Fanout(D3);
  SpatialMap(1, 1) X';
  Fanout(D1);
  Buffer(REG_O) Output;
  TemporalMap(1, 1) R;
  TemporalMap(1, 1) S;
  SpatialMap(1, 1) C;
  Fanout(D2);
}

// Grouped convolution: the groups one after the other.
Dataflow "outputs stay" for NGCONV {
  TemporalMap(1, 1) G;
  TemporalMap(1, 1) N;
  TemporalMap(TileY, TileY) Y';
  TemporalMap(TileK, TileK) K;
  TemporalMap(TileC, TileC) C;
  TemporalMap(64, 64) X';
  Buffer(L1);
  TemporalMap(8, 8) X';
  TemporalMap(1, 1) Y';
  SpatialMap(1, 1) K;
  Fanout(D3);
  SpatialMap(1, 1) X';
  Fanout(D1);
  Buffer(REG_O) Output;
  TemporalMap(1, 1) R;
  TemporalMap(1, 1) S;
  SpatialMap(1, 1) C;
  Fanout(D2);
}

// Depth-wise: channels take the place of filters, and nothing is added over the others.
Dataflow "outputs stay" for DSCONV {
  TemporalMap(1, 1) N;
  TemporalMap(TileY, TileY) Y';
  TemporalMap(TileK, TileK) C;
  TemporalMap(64, 64) X';
  Buffer(L1);
  TemporalMap(8, 8) X';
  TemporalMap(1, 1) Y';
  SpatialMap(1, 1) C;
  Fanout(D3);
  SpatialMap(1, 1) X';
  Fanout(D1);
  Buffer(REG_O) Output;
  TemporalMap(1, 1) R;
  TemporalMap(1, 1) S;
  Fanout(D2, 1);
}

Dataflow "outputs stay" for GEMM {
  TemporalMap(1, 1) B;
  TemporalMap(Tile, Tile) M;
  TemporalMap(Tile, Tile) N;
  TemporalMap(Tile, Tile) K;
  Buffer(L1);
  TemporalMap(8, 8) M;
  SpatialMap(1, 1) N;
  Fanout(D3);
  SpatialMap(1, 1) M;
  Fanout(D1);
  Buffer(REG_O) Output;
  SpatialMap(1, 1) K;
  Fanout(D2);
}
