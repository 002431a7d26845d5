// run: ok-flow.m --model @ --hw ok.hw
Network "n" {
  Layer L1 {
    Type: CONV
    Stride { Z: 1 }
    Dimensions { K: 8, C: 4, R: 3, S: 3, Y: 10, XX: 10 }
  }
}
