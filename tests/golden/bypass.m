// Weights bypass the global buffer and stay in the PEs, inputs are streamed to the MACs out of it,
// partial sums come back from it: small enough to be counted by hand, as tests/unit/bypass.h does.
Technology "rf" {
  L1 { Point { Capacity: 32 B, Read: 1 pJ, Write: 2 pJ }, Source: "by hand" }
  NoC { Hop: 0.125 pJ/bit, Source: "by hand" }
}

Accelerator "bypass" {
  Clock: 1 GHz
  Technology: "rf"
  Precision { Input: 8 bit, Weight: 8 bit, Output: 8 bit, Partial: 24 bit }
  Hierarchy {
    Memory DRAM { Read: 64 pJ, Write: 32 pJ, Width: 64 bit }
    Memory GLB { Holds: Input, Output, Capacity: 900 B, Read: 6 pJ, Write: 12 pJ, Width: 24 bit, Area: 1000 um2, Leakage: 1 mW }
    Fanout PE 8 { Hops: 2, Multicast: yes, Reduction: yes }
    Memory RF { Holds: Weight, Output, Capacity { Weight: 16 B, Output: 6 B }, Area: 10 um2, Leakage: 0.25 mW }
    MAC { Lanes: 1, Energy: 0.5 pJ, Area: 5 um2, Leakage: 0.125 mW }
  }
}

Dataflow "ws" for CONV {
  TemporalMap(8,8) K;
  TemporalMap(1,1) C;
  Buffer(GLB) Input, Output;
  TemporalMap(1,1) Y';
  TemporalMap(1,1) X';
  SpatialMap(1,1) K;
  Fanout(PE);
  Buffer(RF) Weight, Output;
  TemporalMap(1,1) R;
  TemporalMap(1,1) S;
}

Network "net" {
  Layer CONV1 {
    Type: CONV
    Dimensions { K: 16, C: 2, Y': 4, X': 4, R: 3, S: 3 }
  }
  Layer CONV2 {
    Type: CONV
    Dimensions { K: 16, C: 2, Y': 4, X': 4, R: 3, S: 3 }
    Density { Weight: 0.5 }
    Count: 72
  }
}
