// A convolution of one dimension, for the examples fig5-a.m to fig5-f.m: twelve outputs, six
// weights.

Network "conv1d" {
  Layer CONV {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 1, C: 1, R: 1, S: 6, Y: 1, X': 12 }
  }
}
