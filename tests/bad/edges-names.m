// run: ok-flow.m --model @ --hw ok.hw
Network "n" {
  Layer a { Type: CONV Dimensions { K: 4, C: 4, R: 1, S: 1, Y: 4, X: 4 } }
  Layer a { Type: CONV From: a Dimensions { K: 4, C: 4, R: 1, S: 1, Y: 4, X: 4 } }
  Layer b { Type: CONV From: "a#2", "a#2" Dimensions { K: 4, C: 8, R: 1, S: 1, Y: 4, X: 4 } }
  Layer c { Type: CONV From: c Dimensions { K: 4, C: 4, R: 1, S: 1, Y: 4, X: 4 } }
  Layer d { Type: CONV From: (1+2) Dimensions { K: 4, C: 4, R: 1, S: 1, Y: 4, X: 4 } }
  Layer e { Type: CONV From { } Dimensions { K: 4, C: 4, R: 1, S: 1, Y: 4, X: 4 } }
  Layer f { Type: CONV From: [] Dimensions { K: 4, C: 4, R: 1, S: 1, Y: 4, X: 4 } }
  Layer g { Type: CONV From: b; From: c Dimensions { K: 4, C: 4, R: 1, S: 1, Y: 4, X: 4 } }
}
