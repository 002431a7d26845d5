// Weights alone go off-chip: 15 of them, a byte each.  A and C stay on the chip, whole, beside twice
// the 5 of a step's B.
Accelerator "a" { PEs: 1, Clock: 1 GHz, OffChip { Bandwidth: 1 B/cycle, Holds: Weight } }
Network "n" {
  Layer L {
    Type: GEMM
    Dimensions { M: 2, N: 3, K: 5 }
    Dataflow { SpatialMap(1,1) N; }
  }
}
