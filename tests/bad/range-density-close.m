// run: ok-flow.m --model @ --hw ok.hw
Network "n" {
  Layer L1 {
    Type: CONV
    Dimensions { K: 8, C: 4, R: 3, S: 3, Y: 10, X: 10 }
    Density { Input: 1.0000001, Weight: 1.000000000000000001, Output: 1 + 1/3 }
  }
}
