// run: ok-flow.m --model @ --hw ok.hw
Network "n" {
  Layer stem { Type: CONV Dimensions { K: 4, C: 4, R: 1, S: 1, Y: 4, X: 4 } }
  Layer body-1 { Type: CONV From: stem, "stem-2" Dimensions { K: 4, C: 8, R: 1, S: 1, Y: 4, X: 4 } }
  Layer tail { Type: CONV From: body_1 Dimensions { K: 4, C: 4, R: 1, S: 1, Y: 4, X: 4 } }
}
