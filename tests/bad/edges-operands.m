// run: ok-flow.m --model @ --hw ok.hw
Operator SUMS { Output O[I]; Weight A[I][J]; }
Network "n" {
  Layer a { Type: CONV Dimensions { K: 4, C: 4, R: 1, S: 1, Y: 4, X: 4 } }
  Layer b { Type: CONV From: a Dimensions { K: 4, C: 4, R: 1, S: 1, Y: 4, X: 4 } }
  Layer sum { Type: ADD From: a, b Dimensions { C: 4 } }
  Layer one { Type: ADD From { A: a, A: b, Input: b, O: b, D: b } Dimensions { C: 4 } }
  Layer twice { Type: MUL From { A: a, B: a } Dimensions { C: 4 } }
  Layer product { Type: GEMM From { A: a; B: b } Dimensions { M: 4, N: 4, K: 4 } }
  Layer none { Type: SUMS From: a Dimensions { I: 4, J: 4 } }
  Layer body { Type: MATMUL From { A { } B: b } Dimensions { M: 4, N: 4, K: 4 } }
}
