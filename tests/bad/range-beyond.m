// run: ok-flow.m --model @ --hw ok.hw
Network "n" {
  Layer L1 {
    Type: CONV
    Dimensions { K: 2147483648, C: 4, R: 3, S: 3, Y: 10, X: 99999999999999999999 }
  }
}
