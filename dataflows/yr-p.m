// YR-P: rows of the image and of the filter in parallel, row-stationary, like Eyeriss (Table 3
// of the MAESTRO paper, Kwon et al., MICRO 2019).  rs.m has the chip's own tile sizes.
//
// A cluster has a row of outputs, and each of its PEs one row of the filter and the input row
// that it meets: Y and R move together, on the diagonal.  Filter rows stay in the PEs while
// the windows slide along X; input rows are shared by the clusters that need them; the
// partial sums of a cluster's PEs are added on their way up.  Layers without windows (1x1,
// fully connected) leave clusters of one PE.

Constant TileC 2;  // channels and
Constant TileK 2;  // filters interleaved in a PE

// Rows of the image from one PE of a cluster to the next: 1, or the filter's dilation.
Constant Apart max((Win(R) - 1) / max(Sz(R) - 1, 1), 1);

Dataflow "YR-P" {
  TemporalMap(TileC,TileC) C;
  TemporalMap(TileK,TileK) K;
  SpatialMap(Win(R),1) Y;
  TemporalMap(Win(S),1) X;
  TemporalMap(Sz(R),Sz(R)) R;
  TemporalMap(Sz(S),Sz(S)) S;
  Cluster(Sz(R));
  SpatialMap(1,Apart) Y;
  SpatialMap(1,1) R;
}

// Grouped convolution: the groups one after the other.
Dataflow "YR-P" for NGCONV {
  TemporalMap(1,1) G;
  TemporalMap(TileC,TileC) C;
  TemporalMap(TileK,TileK) K;
  SpatialMap(Win(R),1) Y;
  TemporalMap(Win(S),1) X;
  TemporalMap(Sz(R),Sz(R)) R;
  TemporalMap(Sz(S),Sz(S)) S;
  Cluster(Sz(R));
  SpatialMap(1,Apart) Y;
  SpatialMap(1,1) R;
}

// Pooling: no filters to interleave; rows of the window in a cluster as before.
Dataflow "YR-P" for POOL {
  TemporalMap(TileC,TileC) C;
  SpatialMap(Win(R),1) Y;
  TemporalMap(Win(S),1) X;
  TemporalMap(Sz(R),Sz(R)) R;
  TemporalMap(Sz(S),Sz(S)) S;
  Cluster(Sz(R));
  SpatialMap(1,Apart) Y;
  SpatialMap(1,1) R;
}

// Matrices have no windows.  What is left of the idea: a cluster works on one row of the
// result, each of its PEs keeps a strip of weights while the rows pass, and the strips are
// added on their way up.
Constant Strips 3;  // PEs of a cluster, as for a filter of three rows

Dataflow "YR-P" for GEMM, MATMUL {
  TemporalMap(1,1) B;
  TemporalMap(Strips*TileC,Strips*TileC) K;
  TemporalMap(TileK,TileK) N;
  SpatialMap(1,1) M;
  Cluster(Strips);
  SpatialMap(TileC,TileC) K;
}

// A step of an LSTM: strips of weights stay while the sequences of the batch pass.
Dataflow "YR-P" for LSTM {
  TemporalMap(1,1) G;
  TemporalMap(Strips*TileC,Strips*TileC) E;
  TemporalMap(TileK,TileK) H;
  SpatialMap(1,1) N;
  Cluster(Strips);
  SpatialMap(TileC,TileC) E;
}

// Element by element: rows over the clusters, channels over their PEs.
Dataflow "YR-P" for ADD, MUL, ACT {
  TemporalMap(1,1) N;
  TemporalMap(Strips*TileC,Strips*TileC) C;
  SpatialMap(1,1) Y';
  TemporalMap(1,1) X';
  Cluster(Strips);
  SpatialMap(TileC,TileC) C;
}

// All passes over an element, one after the other.
Dataflow "YR-P" for SOFTMAX, NORM {
  TemporalMap(1,1) N;
  TemporalMap(Strips*TileC,Strips*TileC) C;
  SpatialMap(1,1) Y';
  TemporalMap(1,1) X';
  TemporalMap(Sz(P),Sz(P)) P;
  Cluster(Strips);
  SpatialMap(TileC,TileC) C;
}
