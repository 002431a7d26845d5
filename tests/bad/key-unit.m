// run: @ --hw ok.hw
// B is a dim here, no unit of the 2; what is wrong is the Q.
Network n {
  Layer L {
    Type: GEMM
    Dimensions {
      M: 2
      /* batch */ B Q
      N 3
      K 4
    }
  }
}
