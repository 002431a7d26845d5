// run: @ --hw ok.hw
// A mistake in a level does not hide those of the levels after it, and no other follows from it.
Network "n" {
  Layer L { Type: CONV Dimensions { K: 8, C: 8, R: 3, S: 3, Y: 10, X: 10 }
    Dataflow {
      TemporalMap(1,1) Q;
      TemporalMap(2,2) K;
      TemporalMap(4,4) K;
      Cluster(4);
      SpatialMap(4,2) C;
      TemporalMap(1,2) K;
      TemporalMap(1,1) Y;
      Cluster(2);
      SpatialMap(1,1) X';
      TemporalMap(2,1) S;
      TemporalMap(1,1) Zq;
    }
  }
  Layer M { Type: CONV Dimensions { K: 8, C: 8, R: 3, S: 3, Y: 10, X: 10 }
    Dataflow { TemporalMap(0,1) K; TemporalMap(1,1) r; TemporalMap(1,1) Y; Cluster(0); SpatialMap(2,1) C; Cluster(2); TemporalMap(1,1) X'; }
  }
}
