// run: ok-flow.m --model @ --hw ok.hw
Network "n" {
  Layer a { Type: CONV From: c Dimensions { K: 4, C: 4, R: 1, S: 1, Y: 4, X: 4 } }
  Layer b { Type: CONV From: a Dimensions { K: 4, C: 4, R: 1, S: 1, Y: 4, X: 4 } }
  Layer c { Type: CONV From: b Dimensions { K: 4, C: 4, R: 1, S: 1, Y: 4, X: 4 } }
  Layer d { Type: CONV From: c Dimensions { K: 4, C: 4, R: 1, S: 1, Y: 4, X: 4 } }
  Layer e { Type: ADD From { A: d, B: f } Dimensions { C: 4 } }
  Layer f { Type: ADD From { A: e, B: a } Dimensions { C: 4 } }
}
