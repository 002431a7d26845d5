// run: ok-flow.m --model @ --hw ok.hw
Network "n" {
  Layer L1 {
    Type { X: 1 }
    Dimensions: 4
    Count { }
  }
}
