// run: ok-flow.m --model @ --hw ok.hw
Operator OP {
  Output O[I+J][2*K];
  Input A[I][I+J];
  Input B[I+J+K];
  Input C[I*J*K];
  Input D[0*I];
  Input A[L-1];
}
Network "n" {
  Layer L1 {
    Type: OP
    Dimensions { I: 2, J: 2 }
  }
}
