// Sums go on beside the array of stream24-xsr.hw: columns over D1, the window over D2 and D3, with a box whole in the outer memories, and tiles of it in the inner ones.

Constant TileC = max(1, min(32, 512/(Sz(R)*Sz(S))));  // channels in L1_W: 16 KiB for 32 filters
Constant TileY = 2;  // rows of the output in L1_A

Dataflow "X|S|R" for CONV {
  TemporalMap(Sz(N), Sz(N)) N;
  Buffer(L2_W) Weight;
  Buffer(L2_A) Input, Output;
  TemporalMap(1, 1) N;
  TemporalMap(TileY, TileY) Y';
  TemporalMap(32, 32) K;
  TemporalMap(TileC, TileC) C;
  Buffer(L1_W) Weight;
  Buffer(L1_A) Input, Output;
  TemporalMap(1, 1) K;
  TemporalMap(1, 1) Y';
  SpatialMap(1, 1) X';
  Fanout(D1);
  Buffer(RF_O) Output;
  TemporalMap(1, 1) C;
  SpatialMap(1, 1) S;
  Fanout(D2);
  SpatialMap(1, 1) R;
  Fanout(D3);
  Buffer(RF_W) Weight;
  Buffer(RF_I) Input;
}
