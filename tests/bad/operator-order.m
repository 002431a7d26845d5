// run: ok-flow.m --model @ --hw ok.hw
Operator OP {
  Order: [I, J, I, Q];
  Output O[I];
  Input A[I][J][K];
}
Network "n" {
  Layer L1 {
    Type: OP
    Dimensions { I: 2, J: 2 }
  }
}
