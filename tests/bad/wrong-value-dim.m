// run: ok-flow.m --model @ --hw ok.hw
Network "n" {
  Layer L1 {
    Type: CONV
    Dimensions { K: "eight", C: 4.5, R { }, S: [1] }
  }
}
