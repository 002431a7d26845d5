// Weights stay in the array of stream24-ck.hw: filters over D2, channels over D1, with a box whole in the outer memories, and tiles of it in the inner ones.

Constant TileC = max(1, min(32, 512/(Sz(R)*Sz(S))));  // channels in L1_W: 16 KiB for 32 filters
Constant TileY = 2;  // rows of the output in L1_A

Dataflow "C|K" for CONV {
  TemporalMap(Sz(N), Sz(N)) N;
  Buffer(L2_W) Weight;
  Buffer(L2_A) Input, Output;
  TemporalMap(1, 1) N;
  TemporalMap(TileY, TileY) Y';
  TemporalMap(32, 32) K;
  TemporalMap(TileC, TileC) C;
  Buffer(L1_W) Weight;
  Buffer(L1_A) Input, Output;
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
