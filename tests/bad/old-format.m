// run: @ --hw ok.hw
// MAESTRO's format of 2018 is recognized.
Network "n" {
  Layer L { Type: CONV Dimensions { K: 8, C: 8, R: 3, S: 3, Y: 10, X: 10 }
    Dataflow { tMap(1,1) C; sMap(Sz(R),1) Y; Cluster(3); sMap(1,1) R; }
  }
}
sMap(1,1) K;
