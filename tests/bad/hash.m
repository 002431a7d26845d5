// run: @ --hw ok.hw
# K, C and the cluster are still to be set: "lines 4, 5" {!
Network "n" { # a name
  Layer # before it
    L { Type: CONV, # ends a line, Weight
    Dimensions { K (4), C (2) R: 1, S 1, Y: (2*2), X: 4 } Density { Input (0.5) }
    Dataflow { SpatialMap(1,1) K; } }
}
Constant A (2*8); # unused
