// Weights stay at the MACs: filters over the PEs of ff-simba.hw and over their buffers, channels over the
// MACs of a buffer.
//
// A row of the output is accumulated at a time, over the channels of a PE and the whole window.  Of
// matrices the PEs have parts of the summed index, the buffers columns of B.

Constant TileK = 2;  // filters of a weight buffer
Constant TileC = max(4, min(64, 32768/(TileK*Sz(R)*Sz(S))));  // channels in the global buffer
Constant TileX = 128;  // columns of the output: PEAccuBuffer has room for 128
Constant TileY = 2;  // rows in the global buffer
Constant Rows = 8;  // of GEMM: rows of A in the global buffer
Constant Wide = 256;  // columns of B
Constant Deep = 64;  // summed indices of a PE

Dataflow "weights stay" for CONV, FC, TRCONV {
  TemporalMap(1, 1) N;
  TemporalMap(TileY, TileY) Y';
  TemporalMap(64*TileK, 64*TileK) K;
  TemporalMap(TileC, TileC) C;
  TemporalMap(TileX, TileX) X';
  Buffer(GlobalBuffer) Input, Output;
  SpatialMap(4*TileK, 4*TileK) K;
  Fanout(PEs);
  Buffer(PEInputBuffer) Input;
  SpatialMap(TileK, TileK) K;
  Fanout(DistributionBuffers);
  Buffer(PEWeightBuffer) Weight;
  TemporalMap(1, 1) K;
  TemporalMap(1, 1) Y';
  Buffer(PEAccuBuffer) Output;
  TemporalMap(1, 1) R;
  TemporalMap(1, 1) S;
  SpatialMap(1, 1) C;
  Fanout(RegMac);
  Buffer(PEWeightRegs) Weight;
  TemporalMap(1, 1) X';
}

// Grouped convolution: the groups one after the other.
Dataflow "weights stay" for NGCONV {
  TemporalMap(1, 1) G;
  TemporalMap(1, 1) N;
  TemporalMap(TileY, TileY) Y';
  TemporalMap(64*TileK, 64*TileK) K;
  TemporalMap(TileC, TileC) C;
  TemporalMap(TileX, TileX) X';
  Buffer(GlobalBuffer) Input, Output;
  SpatialMap(4*TileK, 4*TileK) K;
  Fanout(PEs);
  Buffer(PEInputBuffer) Input;
  SpatialMap(TileK, TileK) K;
  Fanout(DistributionBuffers);
  Buffer(PEWeightBuffer) Weight;
  TemporalMap(1, 1) K;
  TemporalMap(1, 1) Y';
  Buffer(PEAccuBuffer) Output;
  TemporalMap(1, 1) R;
  TemporalMap(1, 1) S;
  SpatialMap(1, 1) C;
  Fanout(RegMac);
  Buffer(PEWeightRegs) Weight;
  TemporalMap(1, 1) X';
}

// Depth-wise: channels take the place of filters, and nothing is added over the others.
Dataflow "weights stay" for DSCONV {
  TemporalMap(1, 1) N;
  TemporalMap(TileY, TileY) Y';
  TemporalMap(64*TileK, 64*TileK) C;
  TemporalMap(TileX, TileX) X';
  Buffer(GlobalBuffer) Input, Output;
  SpatialMap(4*TileK, 4*TileK) C;
  Fanout(PEs);
  Buffer(PEInputBuffer) Input;
  SpatialMap(TileK, TileK) C;
  Fanout(DistributionBuffers);
  Buffer(PEWeightBuffer) Weight;
  TemporalMap(1, 1) C;
  TemporalMap(1, 1) Y';
  Buffer(PEAccuBuffer) Output;
  TemporalMap(1, 1) R;
  TemporalMap(1, 1) S;
  Fanout(RegMac, 1);
  Buffer(PEWeightRegs) Weight;
  TemporalMap(1, 1) X';
}

Dataflow "weights stay" for GEMM {
  TemporalMap(1, 1) B;
  TemporalMap(Rows, Rows) M;
  TemporalMap(Wide, Wide) N;
  TemporalMap(16*Deep, 16*Deep) K;
  Buffer(GlobalBuffer) Input, Output;
  SpatialMap(Deep, Deep) K;
  Fanout(PEs);
  Buffer(PEInputBuffer) Input;
  SpatialMap(ceil(Wide, 4), ceil(Wide, 4)) N;
  Fanout(DistributionBuffers);
  Buffer(PEWeightBuffer) Weight;
  TemporalMap(1, 1) N;
  Buffer(PEAccuBuffer) Output;
  SpatialMap(1, 1) K;
  Fanout(RegMac);
  Buffer(PEWeightRegs) Weight;
  TemporalMap(1, 1) M;
}
