// A technology that has no figure for L2, for off-chip accesses and for any area but the PEs'.
Technology "lacking" {
  MAC { Energy: 1 pJ, Area: 100 um2, Source: "made up" }
  L1 { Energy: 1 pJ, Source: "made up" }
}
Accelerator "two" { PEs: 2, Clock: 1 GHz, Technology: "lacking", Buffer L2 { Capacity: 40 B } }
Network "names" {
  Layer bottleneck_of_the_first_block_depthwise {
    Type: DSCONV, Dimensions { C: 2, R: 1, S: 3, Y': 1, X': 8 }, Dataflow { SpatialMap(1,1) C; }
  }
  Layer bottleneck_of_the_first_block_pointwise {
    Type: CONV, Dimensions { K: 2, C: 2, R: 1, S: 1, Y': 1, X': 8 }, Dataflow { SpatialMap(1,1) K; }
  }
  Layer refused {
    Type: CONV, Dimensions { K: 2, C: 2, R: 1, S: 1, Y': 1, X': 8 }, Dataflow { SpatialMap(1,2) K; }
  }
}
