// SqueezeNet 1.0, Iandola et al. (2016): one 224x224 image. A Fire module
// squeezes (1x1) and expands two ways (1x1 and 3x3). The poolings are left out; behind
// them the image has 54x54, 27x27 and 13x13 pixels, as where CONV1 is not padded and
// gives 109x109. CONV1 here is padded and gives 112x112, which is how the published
// 0.828 G MACs come about (0.819 G without the padding), all of them in convolutions.

Network "squeezenet" {
  Layer CONV1 {
    Type: CONV
    Stride { X: 2, Y: 2 }
    Padding { X: 3, Y: 3 }
    Dimensions { N: 1, K: 96, C: 3, R: 7, S: 7, Y: 224, X: 224 }
  }

  // 54x54
  Layer FIRE2_SQUEEZE {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 16, C: 96, R: 1, S: 1, Y: 54, X: 54 }
  }
  Layer FIRE2_EXPAND1 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 64, C: 16, R: 1, S: 1, Y: 54, X: 54 }
  }
  Layer FIRE2_EXPAND3 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, K: 64, C: 16, R: 3, S: 3, Y: 54, X: 54 }
  }
  Layer FIRE3_SQUEEZE {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 16, C: 128, R: 1, S: 1, Y: 54, X: 54 }
  }
  Layer FIRE3_EXPAND1 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 64, C: 16, R: 1, S: 1, Y: 54, X: 54 }
  }
  Layer FIRE3_EXPAND3 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, K: 64, C: 16, R: 3, S: 3, Y: 54, X: 54 }
  }
  Layer FIRE4_SQUEEZE {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 32, C: 128, R: 1, S: 1, Y: 54, X: 54 }
  }
  Layer FIRE4_EXPAND1 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 128, C: 32, R: 1, S: 1, Y: 54, X: 54 }
  }
  Layer FIRE4_EXPAND3 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, K: 128, C: 32, R: 3, S: 3, Y: 54, X: 54 }
  }

  // 27x27
  Layer FIRE5_SQUEEZE {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 32, C: 256, R: 1, S: 1, Y: 27, X: 27 }
  }
  Layer FIRE5_EXPAND1 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 128, C: 32, R: 1, S: 1, Y: 27, X: 27 }
  }
  Layer FIRE5_EXPAND3 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, K: 128, C: 32, R: 3, S: 3, Y: 27, X: 27 }
  }
  Layer FIRE6_SQUEEZE {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 48, C: 256, R: 1, S: 1, Y: 27, X: 27 }
  }
  Layer FIRE6_EXPAND1 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 192, C: 48, R: 1, S: 1, Y: 27, X: 27 }
  }
  Layer FIRE6_EXPAND3 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, K: 192, C: 48, R: 3, S: 3, Y: 27, X: 27 }
  }
  Layer FIRE7_SQUEEZE {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 48, C: 384, R: 1, S: 1, Y: 27, X: 27 }
  }
  Layer FIRE7_EXPAND1 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 192, C: 48, R: 1, S: 1, Y: 27, X: 27 }
  }
  Layer FIRE7_EXPAND3 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, K: 192, C: 48, R: 3, S: 3, Y: 27, X: 27 }
  }
  Layer FIRE8_SQUEEZE {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 64, C: 384, R: 1, S: 1, Y: 27, X: 27 }
  }
  Layer FIRE8_EXPAND1 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 256, C: 64, R: 1, S: 1, Y: 27, X: 27 }
  }
  Layer FIRE8_EXPAND3 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, K: 256, C: 64, R: 3, S: 3, Y: 27, X: 27 }
  }

  // 13x13
  Layer FIRE9_SQUEEZE {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 64, C: 512, R: 1, S: 1, Y: 13, X: 13 }
  }
  Layer FIRE9_EXPAND1 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 256, C: 64, R: 1, S: 1, Y: 13, X: 13 }
  }
  Layer FIRE9_EXPAND3 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, K: 256, C: 64, R: 3, S: 3, Y: 13, X: 13 }
  }

  // a class per channel
  Layer CONV10 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 1000, C: 512, R: 1, S: 1, Y: 13, X: 13 }
  }
}
