// run: ok-flow.m --model @ --hw ok.hw
Operator OP {
  Input A[I][J];
}
Operator OQ {
  Output A[I];
  Output B[J];
}
Network "n" {
  Layer L1 {
    Type: OP
    Dimensions { I: 2, J: 2 }
  }
}
