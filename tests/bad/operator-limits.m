// run: ok-flow.m --model @ --hw ok.hw
Operator OP {
  Output O[A][B][C][D][E][F][G][H][I];
  Input P[J][K][L];
  Input Q[A]; Input R[A]; Input S[A]; Input T[A]; Input U[A];
}
Network "n" {
  Layer L1 {
    Type: OP
    Dimensions { I: 2, J: 2 }
  }
}
