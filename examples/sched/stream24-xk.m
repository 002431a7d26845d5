// Outputs stay in the array of stream24-xk.hw: filters over D2, columns over D1, with a box whole in the outer memories, and tiles of it in the inner ones.

Constant TileC = max(1, min(32, 512/(Sz(R)*Sz(S))));  // channels in L1_W: 16 KiB for 32 filters
Constant TileY = 2;  // rows of the output in L1_A
Constant TileX = 32;  // columns of the output side by side

Dataflow "X|K" for CONV {
  TemporalMap(Sz(N), Sz(N)) N;
  Buffer(L2_W) Weight;
  Buffer(L2_A) Input, Output;
  TemporalMap(1, 1) N;
  TemporalMap(TileY, TileY) Y';
  TemporalMap(32, 32) K;
  TemporalMap(TileC, TileC) C;
  Buffer(L1_W) Weight;
  Buffer(L1_A) Input, Output;
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
