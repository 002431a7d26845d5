// X-P: columns of the image in parallel, weight-stationary (Table 3 of the MAESTRO paper,
// Kwon et al., MICRO 2019).
//
// One filter's weights of one channel go to all PEs and stay until the image has been walked
// through; neighbouring PEs have windows that overlap, so their columns are shared.  Outputs
// do not stay: every channel adds to them anew.

Constant TileX 1;  // output columns in a PE, at stride 1

Dataflow "X-P" {
  TemporalMap(1,1) K;
  TemporalMap(1,1) C;
  TemporalMap(Sz(R),Sz(R)) R;
  TemporalMap(Sz(S),Sz(S)) S;
  TemporalMap(Win(R),1) Y;
  SpatialMap(TileX+Win(S)-1,TileX) X;
}

// Grouped convolution: the groups one after the other.
Dataflow "X-P" for NGCONV {
  TemporalMap(1,1) G;
  TemporalMap(1,1) K;
  TemporalMap(1,1) C;
  TemporalMap(Sz(R),Sz(R)) R;
  TemporalMap(Sz(S),Sz(S)) S;
  TemporalMap(Win(R),1) Y;
  SpatialMap(TileX+Win(S)-1,TileX) X;
}

// Pooling has neither filters nor weights; the columns stay in parallel.
Dataflow "X-P" for POOL {
  TemporalMap(1,1) C;
  TemporalMap(Sz(R),Sz(R)) R;
  TemporalMap(Sz(S),Sz(S)) S;
  TemporalMap(Win(R),1) Y;
  SpatialMap(TileX+Win(S)-1,TileX) X;
}

// Matrices: one weight goes to all PEs, which have a row of A (and of the result) each.
Dataflow "X-P" for GEMM, MATMUL {
  TemporalMap(1,1) B;
  TemporalMap(1,1) N;
  TemporalMap(1,1) K;
  SpatialMap(TileX,TileX) M;
}

// A step of an LSTM: what shares a weight are the sequences of the batch.
Dataflow "X-P" for LSTM {
  TemporalMap(1,1) G;
  TemporalMap(1,1) H;
  TemporalMap(1,1) E;
  SpatialMap(TileX,TileX) N;
}

// Element by element: the columns side by side.
Dataflow "X-P" for ADD, MUL, ACT {
  TemporalMap(1,1) N;
  TemporalMap(1,1) C;
  TemporalMap(1,1) Y';
  SpatialMap(TileX,TileX) X';
}

// All passes over an element, one after the other.
Dataflow "X-P" for SOFTMAX, NORM {
  TemporalMap(1,1) N;
  TemporalMap(1,1) C;
  TemporalMap(1,1) Y';
  TemporalMap(Sz(P),Sz(P)) P;
  SpatialMap(TileX,TileX) X';
}
