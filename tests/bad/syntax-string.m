// run: ok-flow.m --model @ --hw ok.hw
Network "n {
  Layer L1 { Type: CONV, Dimensions { K: 8, C: 4 } }
}
