// MobileNetV2, Sandler et al. (2018), width 1.0: one 224x224 image. A block expands
// the channels (1x1), filters each by itself (3x3 depth-wise, which has the stride),
// projects back (1x1). The second and later blocks of a row are alike: Count.
// 0.301 G MACs, convolutions and the fully connected layer.

Network "mobilenetv2" {
  Layer CONV1 {
    Type: CONV
    Stride { X: 2, Y: 2 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, K: 32, C: 3, R: 3, S: 3, Y: 224, X: 224 }
  }

  // 112x112 to 112x112, 32 to 16 channels
  Layer BLOCK1_DEPTHWISE {
    Type: DSCONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, C: 32, R: 3, S: 3, Y: 112, X: 112 }
  }
  Layer BLOCK1_PROJECT {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 16, C: 32, R: 1, S: 1, Y: 112, X: 112 }
  }

  // 112x112 to 56x56, 16 to 24 channels, then 1 more block
  Layer BLOCK2_FIRST_EXPAND {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 96, C: 16, R: 1, S: 1, Y: 112, X: 112 }
  }
  Layer BLOCK2_FIRST_DEPTHWISE {
    Type: DSCONV
    Stride { X: 2, Y: 2 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, C: 96, R: 3, S: 3, Y: 112, X: 112 }
  }
  Layer BLOCK2_FIRST_PROJECT {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 24, C: 96, R: 1, S: 1, Y: 56, X: 56 }
  }
  Layer BLOCK2_EXPAND {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 144, C: 24, R: 1, S: 1, Y: 56, X: 56 }
  }
  Layer BLOCK2_DEPTHWISE {
    Type: DSCONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, C: 144, R: 3, S: 3, Y: 56, X: 56 }
  }
  Layer BLOCK2_PROJECT {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 24, C: 144, R: 1, S: 1, Y: 56, X: 56 }
  }

  // 56x56 to 28x28, 24 to 32 channels, then 2 more blocks
  Layer BLOCK3_FIRST_EXPAND {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 144, C: 24, R: 1, S: 1, Y: 56, X: 56 }
  }
  Layer BLOCK3_FIRST_DEPTHWISE {
    Type: DSCONV
    Stride { X: 2, Y: 2 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, C: 144, R: 3, S: 3, Y: 56, X: 56 }
  }
  Layer BLOCK3_FIRST_PROJECT {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 32, C: 144, R: 1, S: 1, Y: 28, X: 28 }
  }
  Layer BLOCK3_EXPAND {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 192, C: 32, R: 1, S: 1, Y: 28, X: 28 }
    Count: 2
  }
  Layer BLOCK3_DEPTHWISE {
    Type: DSCONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, C: 192, R: 3, S: 3, Y: 28, X: 28 }
    Count: 2
  }
  Layer BLOCK3_PROJECT {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 32, C: 192, R: 1, S: 1, Y: 28, X: 28 }
    Count: 2
  }

  // 28x28 to 14x14, 32 to 64 channels, then 3 more blocks
  Layer BLOCK4_FIRST_EXPAND {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 192, C: 32, R: 1, S: 1, Y: 28, X: 28 }
  }
  Layer BLOCK4_FIRST_DEPTHWISE {
    Type: DSCONV
    Stride { X: 2, Y: 2 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, C: 192, R: 3, S: 3, Y: 28, X: 28 }
  }
  Layer BLOCK4_FIRST_PROJECT {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 64, C: 192, R: 1, S: 1, Y: 14, X: 14 }
  }
  Layer BLOCK4_EXPAND {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 384, C: 64, R: 1, S: 1, Y: 14, X: 14 }
    Count: 3
  }
  Layer BLOCK4_DEPTHWISE {
    Type: DSCONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, C: 384, R: 3, S: 3, Y: 14, X: 14 }
    Count: 3
  }
  Layer BLOCK4_PROJECT {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 64, C: 384, R: 1, S: 1, Y: 14, X: 14 }
    Count: 3
  }

  // 14x14 to 14x14, 64 to 96 channels, then 2 more blocks
  Layer BLOCK5_FIRST_EXPAND {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 384, C: 64, R: 1, S: 1, Y: 14, X: 14 }
  }
  Layer BLOCK5_FIRST_DEPTHWISE {
    Type: DSCONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, C: 384, R: 3, S: 3, Y: 14, X: 14 }
  }
  Layer BLOCK5_FIRST_PROJECT {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 96, C: 384, R: 1, S: 1, Y: 14, X: 14 }
  }
  Layer BLOCK5_EXPAND {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 576, C: 96, R: 1, S: 1, Y: 14, X: 14 }
    Count: 2
  }
  Layer BLOCK5_DEPTHWISE {
    Type: DSCONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, C: 576, R: 3, S: 3, Y: 14, X: 14 }
    Count: 2
  }
  Layer BLOCK5_PROJECT {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 96, C: 576, R: 1, S: 1, Y: 14, X: 14 }
    Count: 2
  }

  // 14x14 to 7x7, 96 to 160 channels, then 2 more blocks
  Layer BLOCK6_FIRST_EXPAND {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 576, C: 96, R: 1, S: 1, Y: 14, X: 14 }
  }
  Layer BLOCK6_FIRST_DEPTHWISE {
    Type: DSCONV
    Stride { X: 2, Y: 2 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, C: 576, R: 3, S: 3, Y: 14, X: 14 }
  }
  Layer BLOCK6_FIRST_PROJECT {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 160, C: 576, R: 1, S: 1, Y: 7, X: 7 }
  }
  Layer BLOCK6_EXPAND {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 960, C: 160, R: 1, S: 1, Y: 7, X: 7 }
    Count: 2
  }
  Layer BLOCK6_DEPTHWISE {
    Type: DSCONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, C: 960, R: 3, S: 3, Y: 7, X: 7 }
    Count: 2
  }
  Layer BLOCK6_PROJECT {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 160, C: 960, R: 1, S: 1, Y: 7, X: 7 }
    Count: 2
  }

  // 7x7 to 7x7, 160 to 320 channels
  Layer BLOCK7_EXPAND {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 960, C: 160, R: 1, S: 1, Y: 7, X: 7 }
  }
  Layer BLOCK7_DEPTHWISE {
    Type: DSCONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, C: 960, R: 3, S: 3, Y: 7, X: 7 }
  }
  Layer BLOCK7_PROJECT {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 320, C: 960, R: 1, S: 1, Y: 7, X: 7 }
  }

  // head
  Layer CONV2 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 1280, C: 320, R: 1, S: 1, Y: 7, X: 7 }
  }
  Layer FC {
    Type: FC
    Dimensions { N: 1, K: 1000, C: 1280 }
  }
}
