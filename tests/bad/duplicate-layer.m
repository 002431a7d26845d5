// run: ok-flow.m --model @ --hw ok.hw
Network "n" {
  Layer L1 { Type: CONV, Dimensions { K: 8, C: 4 } }
  Layer L1 { Type: CONV, Dimensions { K: 8, C: 2 } }
  Layer "L1#2" { Type: CONV, Dimensions { K: 8, C: 3 } }
  Layer L1 { Type: CONV, Dimensions { K: 8, C: 1 } }
}
