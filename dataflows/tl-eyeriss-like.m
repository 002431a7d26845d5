// Weights stay in the PEs of tl-eyeriss-like.hw: filters over its columns, channels over the PEs of one.
//
// A PE has TileK filters of a channel; their weights stay while the outputs of a tile in the global
// buffer are gone through.  Of matrices the columns have columns of B, the PEs summed indices.

Constant TileK = 8;  // filters in a PE: psum_spad has 32 B, for 8 sums twice
Constant TileY = 1;  // rows of the output in the global buffer
Constant Deep = 8;  // of GEMM: summed indices in a PE
Constant Wide = 8;  // columns of B in a PE
Constant Rows = 64;  // rows of A in the global buffer

Dataflow "weights stay" for CONV, FC, TRCONV {
  TemporalMap(1, 1) N;
  TemporalMap(TileY, TileY) Y';
  TemporalMap(14*TileK, 14*TileK) K;
  TemporalMap(12, 12) C;
  Buffer(shared_glb) Input, Output;
  TemporalMap(1, 1) S;
  SpatialMap(TileK, TileK) K;
  Fanout(PE_column);
  SpatialMap(1, 1) C;
  Fanout(PE);
  Buffer(weights_spad) Weight;
  TemporalMap(1, 1) Y';
  TemporalMap(1, 1) X';
  Buffer(ifmap_spad) Input;
  Buffer(psum_spad) Output;
  TemporalMap(1, 1) R;
  TemporalMap(1, 1) K;
}

// Grouped convolution: the groups one after the other.
Dataflow "weights stay" for NGCONV {
  TemporalMap(1, 1) G;
  TemporalMap(1, 1) N;
  TemporalMap(TileY, TileY) Y';
  TemporalMap(14*TileK, 14*TileK) K;
  TemporalMap(12, 12) C;
  Buffer(shared_glb) Input, Output;
  TemporalMap(1, 1) S;
  SpatialMap(TileK, TileK) K;
  Fanout(PE_column);
  SpatialMap(1, 1) C;
  Fanout(PE);
  Buffer(weights_spad) Weight;
  TemporalMap(1, 1) Y';
  TemporalMap(1, 1) X';
  Buffer(ifmap_spad) Input;
  Buffer(psum_spad) Output;
  TemporalMap(1, 1) R;
  TemporalMap(1, 1) K;
}

// Depth-wise: channels take the place of filters, and nothing is added over the others.
Dataflow "weights stay" for DSCONV {
  TemporalMap(1, 1) N;
  TemporalMap(TileY, TileY) Y';
  TemporalMap(14*TileK, 14*TileK) C;
  Buffer(shared_glb) Input, Output;
  TemporalMap(1, 1) S;
  SpatialMap(TileK, TileK) C;
  Fanout(PE_column);
  Fanout(PE, 1);
  Buffer(weights_spad) Weight;
  TemporalMap(1, 1) Y';
  TemporalMap(1, 1) X';
  Buffer(psum_spad) Output;
  TemporalMap(1, 1) R;
  TemporalMap(1, 1) C;
}

Dataflow "weights stay" for GEMM {
  TemporalMap(1, 1) B;
  TemporalMap(Rows, Rows) M;
  TemporalMap(14*Wide, 14*Wide) N;
  TemporalMap(12*Deep, 12*Deep) K;
  Buffer(shared_glb) Input, Output;
  SpatialMap(Wide, Wide) N;
  Fanout(PE_column);
  SpatialMap(Deep, Deep) K;
  Fanout(PE);
  Buffer(weights_spad) Weight;
  TemporalMap(1, 1) M;
  Buffer(ifmap_spad) Input;
  Buffer(psum_spad) Output;
  TemporalMap(1, 1) K;
  TemporalMap(1, 1) N;
}
