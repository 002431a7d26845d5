// YX-P: a patch of the image in parallel, output-stationary, like ShiDianNao (Table 3 of the
// MAESTRO paper, Kwon et al., MICRO 2019).
//
// A cluster has a row of outputs, each PE of it one column, and keeps the sum of that output
// until all channels have been added: channels are the innermost loop.  A weight goes to all
// PEs at once; neighbours share the pixels where their windows overlap.  At stride 2 a tile of
// TileX input columns has only half as many outputs, and half of a cluster waits.

Constant TileX 8;  // input columns a tile moves by, and PEs of a cluster

Dataflow "YX-P" {
  TemporalMap(1,1) K;
  SpatialMap(Win(R),1) Y;
  TemporalMap(TileX+Win(S)-1,TileX) X;
  TemporalMap(1,1) C;
  TemporalMap(Sz(R),Sz(R)) R;
  TemporalMap(Sz(S),Sz(S)) S;
  Cluster(TileX);
  SpatialMap(Win(S),1) X;
}

// Grouped convolution: the groups one after the other.
Dataflow "YX-P" for NGCONV {
  TemporalMap(1,1) G;
  TemporalMap(1,1) K;
  SpatialMap(Win(R),1) Y;
  TemporalMap(TileX+Win(S)-1,TileX) X;
  TemporalMap(1,1) C;
  TemporalMap(Sz(R),Sz(R)) R;
  TemporalMap(Sz(S),Sz(S)) S;
  Cluster(TileX);
  SpatialMap(Win(S),1) X;
}

// Pooling: the same patch, channel after channel.
Dataflow "YX-P" for POOL {
  SpatialMap(Win(R),1) Y;
  TemporalMap(TileX+Win(S)-1,TileX) X;
  TemporalMap(1,1) C;
  TemporalMap(Sz(R),Sz(R)) R;
  TemporalMap(Sz(S),Sz(S)) S;
  Cluster(TileX);
  SpatialMap(Win(S),1) X;
}

// Matrices: M stands for rows and columns of the image, so the clusters and the PEs in them
// have rows of one column of the result, which stay until K has been summed.
Dataflow "YX-P" for GEMM, MATMUL {
  TemporalMap(1,1) B;
  TemporalMap(1,1) N;
  SpatialMap(TileX,TileX) M;
  TemporalMap(1,1) K;
  Cluster(TileX);
  SpatialMap(1,1) M;
}

// A step of an LSTM: the outputs that stay are a gate of neighbouring cells.
Dataflow "YX-P" for LSTM {
  TemporalMap(1,1) N;
  TemporalMap(1,1) G;
  SpatialMap(TileX,TileX) H;
  TemporalMap(1,1) E;
  Cluster(TileX);
  SpatialMap(1,1) H;
}

// Element by element: rows over the clusters, columns over their PEs.
Dataflow "YX-P" for ADD, MUL, ACT {
  TemporalMap(1,1) N;
  SpatialMap(1,1) Y';
  TemporalMap(TileX,TileX) X';
  TemporalMap(1,1) C;
  Cluster(TileX);
  SpatialMap(1,1) X';
}

// All passes over an element, one after the other.
Dataflow "YX-P" for SOFTMAX, NORM {
  TemporalMap(1,1) N;
  SpatialMap(1,1) Y';
  TemporalMap(TileX,TileX) X';
  TemporalMap(1,1) C;
  TemporalMap(Sz(P),Sz(P)) P;
  Cluster(TileX);
  SpatialMap(1,1) X';
}
