// KC-P: filters and channels in parallel, weight-stationary, like NVDLA (Table 3 of the
// MAESTRO paper, Kwon et al., MICRO 2019).
//
// Every cluster has a filter, every PE of it a channel.  The weights stay while the windows
// slide over the whole image; a pixel goes to all clusters at once; an adder tree sums a
// cluster's channels.  Layers with few channels leave most of a cluster idle: -D TileC=8 makes
// smaller ones.

Constant TileC 64;  // channels side by side: the PEs of a cluster

Dataflow "KC-P" {
  SpatialMap(1,1) K;
  TemporalMap(TileC,TileC) C;
  TemporalMap(Sz(R),Sz(R)) R;
  TemporalMap(Sz(S),Sz(S)) S;
  TemporalMap(Win(R),1) Y;
  TemporalMap(Win(S),1) X;
  Cluster(TileC);
  SpatialMap(1,1) C;
}

// Grouped convolution: the groups one after the other.
Dataflow "KC-P" for NGCONV {
  TemporalMap(1,1) G;
  SpatialMap(1,1) K;
  TemporalMap(TileC,TileC) C;
  TemporalMap(Sz(R),Sz(R)) R;
  TemporalMap(Sz(S),Sz(S)) S;
  TemporalMap(Win(R),1) Y;
  TemporalMap(Win(S),1) X;
  Cluster(TileC);
  SpatialMap(1,1) C;
}

// Pooling has no filters: the clusters have channels too.
Dataflow "KC-P" for POOL {
  SpatialMap(TileC,TileC) C;
  TemporalMap(Sz(R),Sz(R)) R;
  TemporalMap(Sz(S),Sz(S)) S;
  TemporalMap(Win(R),1) Y;
  TemporalMap(Win(S),1) X;
  Cluster(TileC);
  SpatialMap(1,1) C;
}

// Matrices: a cluster has a column of the weights, every PE of it one of the summed indices;
// the rows of A pass by.
Dataflow "KC-P" for GEMM, MATMUL {
  TemporalMap(1,1) B;
  SpatialMap(1,1) N;
  TemporalMap(TileC,TileC) K;
  TemporalMap(1,1) M;
  Cluster(TileC);
  SpatialMap(1,1) K;
}

// A step of an LSTM: a cluster has a cell, every PE of it one of the values that enter a gate.
Dataflow "KC-P" for LSTM {
  TemporalMap(1,1) G;
  SpatialMap(1,1) H;
  TemporalMap(TileC,TileC) E;
  TemporalMap(1,1) N;
  Cluster(TileC);
  SpatialMap(1,1) E;
}

// Element by element: the clusters have channels too, as in pooling.
Dataflow "KC-P" for ADD, MUL, ACT {
  TemporalMap(1,1) N;
  SpatialMap(TileC,TileC) C;
  TemporalMap(1,1) Y';
  TemporalMap(1,1) X';
  Cluster(TileC);
  SpatialMap(1,1) C;
}

// All passes over an element, one after the other.
Dataflow "KC-P" for SOFTMAX, NORM {
  TemporalMap(1,1) N;
  SpatialMap(TileC,TileC) C;
  TemporalMap(1,1) Y';
  TemporalMap(1,1) X';
  TemporalMap(Sz(P),Sz(P)) P;
  Cluster(TileC);
  SpatialMap(1,1) C;
}
