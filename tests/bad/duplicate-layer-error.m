// run: -Werror=duplicate-layer ok-flow.m --model @ --hw ok.hw --layer L1#2
Network "n" {
  Layer L1 { Type: CONV, Dimensions { K: 8, C: 4 } }
  Layer L1 { Type: CONV, Dimensions { K: 8, C: 2 } }
}
