// run: ok-flow.m --model @ --hw ok.hw
Network "n" {
  Layer L1 {
    Type: conv
    Dimensions { K: 8, C: 4, R: 3, S: 3, Y: 10, X: 10 }
  }
}
