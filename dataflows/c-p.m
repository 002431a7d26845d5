// C-P: input channels in parallel (Table 3 of the MAESTRO paper, Kwon et al., MICRO 2019).
//
// Every PE has a channel.  The windows slide over the image, so only the new column of a
// window arrives; the weights of a channel stay in its PE while they slide.  The PEs' results
// belong to one output and are added on their way up.

Constant TileC 1;  // channels in a PE

Dataflow "C-P" {
  TemporalMap(1,1) K;
  TemporalMap(Win(R),1) Y;
  TemporalMap(Win(S),1) X;
  TemporalMap(Sz(R),Sz(R)) R;
  TemporalMap(Sz(S),Sz(S)) S;
  SpatialMap(TileC,TileC) C;
}

// Grouped convolution: the groups one after the other.
Dataflow "C-P" for NGCONV {
  TemporalMap(1,1) G;
  TemporalMap(1,1) K;
  TemporalMap(Win(R),1) Y;
  TemporalMap(Win(S),1) X;
  TemporalMap(Sz(R),Sz(R)) R;
  TemporalMap(Sz(S),Sz(S)) S;
  SpatialMap(TileC,TileC) C;
}

// Pooling has no filters; the channels do not meet in an output.
Dataflow "C-P" for POOL {
  TemporalMap(Win(R),1) Y;
  TemporalMap(Win(S),1) X;
  TemporalMap(Sz(R),Sz(R)) R;
  TemporalMap(Sz(S),Sz(S)) S;
  SpatialMap(TileC,TileC) C;
}

// Matrices: the summed dim K has the part of the channels, N that of the filters, M that of
// the image.
Dataflow "C-P" for GEMM, MATMUL {
  TemporalMap(1,1) B;
  TemporalMap(1,1) N;
  TemporalMap(1,1) M;
  SpatialMap(TileC,TileC) K;
}

// A step of an LSTM: the values that enter a gate, E, have the part of the channels.
Dataflow "C-P" for LSTM {
  TemporalMap(1,1) G;
  TemporalMap(1,1) H;
  TemporalMap(1,1) N;
  SpatialMap(TileC,TileC) E;
}

// Element by element: the channels side by side, as above.
Dataflow "C-P" for ADD, MUL, ACT {
  TemporalMap(1,1) N;
  SpatialMap(TileC,TileC) C;
  TemporalMap(1,1) Y';
  TemporalMap(1,1) X';
}

// All passes over an element, one after the other.
Dataflow "C-P" for SOFTMAX, NORM {
  TemporalMap(1,1) N;
  SpatialMap(TileC,TileC) C;
  TemporalMap(1,1) Y';
  TemporalMap(1,1) X';
  TemporalMap(Sz(P),Sz(P)) P;
}
