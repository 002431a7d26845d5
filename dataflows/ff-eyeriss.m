// Weights stay in the PEs: filters over the columns of ff-eyeriss.hw, summed indices over its rows.
//
// A PE has TileK filters of TileC channels; their weights stay while the outputs of a tile in the
// global buffer are gone through.  Of matrices SACols has the summed index and SARows the columns of B,
// as FactorFlow divides them.

Constant TileK = max(1, min(16, 384/(Sz(R)*Sz(S))));  // filters in a PE: OutRegister has 32 B
Constant TileC = max(1, min(8, 384/(TileK*Sz(R)*Sz(S))));  // channels: WRegister has 384 B
Constant TileY = 4;  // rows of the output in the global buffer
Constant Deep = 16;  // of GEMM: summed indices in a PE
Constant Wide = 16;  // columns of B in a PE
Constant Rows = 32;  // rows of A in the global buffer

Dataflow "weights stay" for CONV, FC, TRCONV {
  TemporalMap(1, 1) N;
  TemporalMap(TileY, TileY) Y';
  TemporalMap(14*TileK, 14*TileK) K;
  TemporalMap(12*TileC, 12*TileC) C;
  Buffer(GlobalBuffer) Input, Output;
  SpatialMap(TileK, TileK) K;
  Fanout(SACols);
  SpatialMap(TileC, TileC) C;
  Fanout(SARows);
  Buffer(WRegister) Weight;
  TemporalMap(1, 1) Y';
  TemporalMap(1, 1) X';
  TemporalMap(1, 1) R;
  TemporalMap(1, 1) S;
  Buffer(InRegister) Input;
  Buffer(OutRegister) Output;
  TemporalMap(1, 1) C;
  TemporalMap(1, 1) K;
}

// Grouped convolution: the groups one after the other.
Dataflow "weights stay" for NGCONV {
  TemporalMap(1, 1) G;
  TemporalMap(1, 1) N;
  TemporalMap(TileY, TileY) Y';
  TemporalMap(14*TileK, 14*TileK) K;
  TemporalMap(12*TileC, 12*TileC) C;
  Buffer(GlobalBuffer) Input, Output;
  SpatialMap(TileK, TileK) K;
  Fanout(SACols);
  SpatialMap(TileC, TileC) C;
  Fanout(SARows);
  Buffer(WRegister) Weight;
  TemporalMap(1, 1) Y';
  TemporalMap(1, 1) X';
  TemporalMap(1, 1) R;
  TemporalMap(1, 1) S;
  Buffer(InRegister) Input;
  Buffer(OutRegister) Output;
  TemporalMap(1, 1) C;
  TemporalMap(1, 1) K;
}

// Depth-wise: channels take the place of filters, and nothing is added over the others.
Dataflow "weights stay" for DSCONV {
  TemporalMap(1, 1) N;
  TemporalMap(TileY, TileY) Y';
  TemporalMap(14*TileK, 14*TileK) C;
  Buffer(GlobalBuffer) Input, Output;
  SpatialMap(TileK, TileK) C;
  Fanout(SACols);
  Fanout(SARows, 1);
  Buffer(WRegister) Weight;
  TemporalMap(1, 1) Y';
  TemporalMap(1, 1) X';
  TemporalMap(1, 1) R;
  TemporalMap(1, 1) S;
  Buffer(InRegister) Input;
  Buffer(OutRegister) Output;
  TemporalMap(1, 1) C;
}

Dataflow "weights stay" for GEMM {
  TemporalMap(1, 1) B;
  TemporalMap(Rows, Rows) M;
  TemporalMap(12*Wide, 12*Wide) N;
  TemporalMap(14*Deep, 14*Deep) K;
  Buffer(GlobalBuffer) Input, Output;
  SpatialMap(Deep, Deep) K;
  Fanout(SACols);
  SpatialMap(Wide, Wide) N;
  Fanout(SARows);
  Buffer(WRegister) Weight;
  TemporalMap(1, 1) M;
  Buffer(InRegister) Input;
  TemporalMap(1, 1) K;
  Buffer(OutRegister) Output;
  TemporalMap(1, 1) N;
}
