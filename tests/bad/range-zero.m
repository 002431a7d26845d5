// run: ok-flow.m --model @ --hw ok.hw
Network "n" {
  Layer L1 {
    Type: CONV
    Stride { X: 0, Y: 5000 }
    Dilation { X: -1 }
    Padding { Y: -2 }
    Dimensions { K: 0, C: -4, R: 3, S: 3, Y: 10, X: 10 }
    Count: 0
  }
}
