// MnasNet-B1, Tan et al. (2019), the network without squeeze-and-excitation, depth
// multiplier 1.0: one 224x224 image. Blocks as in mobilenetv2.m, some of them with
// 5x5 windows; padding keeps the size at stride 1 and halves it at stride 2.
// 0.314 G MACs, convolutions and the fully connected layer.

Network "mnasnet" {
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

  // 112x112 to 56x56, 16 to 24 channels, then 2 more blocks
  Layer BLOCK2_FIRST_EXPAND {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 48, C: 16, R: 1, S: 1, Y: 112, X: 112 }
  }
  Layer BLOCK2_FIRST_DEPTHWISE {
    Type: DSCONV
    Stride { X: 2, Y: 2 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, C: 48, R: 3, S: 3, Y: 112, X: 112 }
  }
  Layer BLOCK2_FIRST_PROJECT {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 24, C: 48, R: 1, S: 1, Y: 56, X: 56 }
  }
  Layer BLOCK2_EXPAND {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 72, C: 24, R: 1, S: 1, Y: 56, X: 56 }
    Count: 2
  }
  Layer BLOCK2_DEPTHWISE {
    Type: DSCONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, C: 72, R: 3, S: 3, Y: 56, X: 56 }
    Count: 2
  }
  Layer BLOCK2_PROJECT {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 24, C: 72, R: 1, S: 1, Y: 56, X: 56 }
    Count: 2
  }

  // 56x56 to 28x28, 24 to 40 channels, then 2 more blocks
  Layer BLOCK3_FIRST_EXPAND {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 72, C: 24, R: 1, S: 1, Y: 56, X: 56 }
  }
  Layer BLOCK3_FIRST_DEPTHWISE {
    Type: DSCONV
    Stride { X: 2, Y: 2 }
    Padding { X: 2, Y: 2 }
    Dimensions { N: 1, C: 72, R: 5, S: 5, Y: 56, X: 56 }
  }
  Layer BLOCK3_FIRST_PROJECT {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 40, C: 72, R: 1, S: 1, Y: 28, X: 28 }
  }
  Layer BLOCK3_EXPAND {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 120, C: 40, R: 1, S: 1, Y: 28, X: 28 }
    Count: 2
  }
  Layer BLOCK3_DEPTHWISE {
    Type: DSCONV
    Stride { X: 1, Y: 1 }
    Padding { X: 2, Y: 2 }
    Dimensions { N: 1, C: 120, R: 5, S: 5, Y: 28, X: 28 }
    Count: 2
  }
  Layer BLOCK3_PROJECT {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 40, C: 120, R: 1, S: 1, Y: 28, X: 28 }
    Count: 2
  }

  // 28x28 to 14x14, 40 to 80 channels, then 2 more blocks
  Layer BLOCK4_FIRST_EXPAND {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 240, C: 40, R: 1, S: 1, Y: 28, X: 28 }
  }
  Layer BLOCK4_FIRST_DEPTHWISE {
    Type: DSCONV
    Stride { X: 2, Y: 2 }
    Padding { X: 2, Y: 2 }
    Dimensions { N: 1, C: 240, R: 5, S: 5, Y: 28, X: 28 }
  }
  Layer BLOCK4_FIRST_PROJECT {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 80, C: 240, R: 1, S: 1, Y: 14, X: 14 }
  }
  Layer BLOCK4_EXPAND {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 480, C: 80, R: 1, S: 1, Y: 14, X: 14 }
    Count: 2
  }
  Layer BLOCK4_DEPTHWISE {
    Type: DSCONV
    Stride { X: 1, Y: 1 }
    Padding { X: 2, Y: 2 }
    Dimensions { N: 1, C: 480, R: 5, S: 5, Y: 14, X: 14 }
    Count: 2
  }
  Layer BLOCK4_PROJECT {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 80, C: 480, R: 1, S: 1, Y: 14, X: 14 }
    Count: 2
  }

  // 14x14 to 14x14, 80 to 96 channels, then 1 more block
  Layer BLOCK5_FIRST_EXPAND {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 480, C: 80, R: 1, S: 1, Y: 14, X: 14 }
  }
  Layer BLOCK5_FIRST_DEPTHWISE {
    Type: DSCONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, C: 480, R: 3, S: 3, Y: 14, X: 14 }
  }
  Layer BLOCK5_FIRST_PROJECT {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 96, C: 480, R: 1, S: 1, Y: 14, X: 14 }
  }
  Layer BLOCK5_EXPAND {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 576, C: 96, R: 1, S: 1, Y: 14, X: 14 }
  }
  Layer BLOCK5_DEPTHWISE {
    Type: DSCONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, C: 576, R: 3, S: 3, Y: 14, X: 14 }
  }
  Layer BLOCK5_PROJECT {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 96, C: 576, R: 1, S: 1, Y: 14, X: 14 }
  }

  // 14x14 to 7x7, 96 to 192 channels, then 3 more blocks
  Layer BLOCK6_FIRST_EXPAND {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 576, C: 96, R: 1, S: 1, Y: 14, X: 14 }
  }
  Layer BLOCK6_FIRST_DEPTHWISE {
    Type: DSCONV
    Stride { X: 2, Y: 2 }
    Padding { X: 2, Y: 2 }
    Dimensions { N: 1, C: 576, R: 5, S: 5, Y: 14, X: 14 }
  }
  Layer BLOCK6_FIRST_PROJECT {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 192, C: 576, R: 1, S: 1, Y: 7, X: 7 }
  }
  Layer BLOCK6_EXPAND {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 1152, C: 192, R: 1, S: 1, Y: 7, X: 7 }
    Count: 3
  }
  Layer BLOCK6_DEPTHWISE {
    Type: DSCONV
    Stride { X: 1, Y: 1 }
    Padding { X: 2, Y: 2 }
    Dimensions { N: 1, C: 1152, R: 5, S: 5, Y: 7, X: 7 }
    Count: 3
  }
  Layer BLOCK6_PROJECT {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 192, C: 1152, R: 1, S: 1, Y: 7, X: 7 }
    Count: 3
  }

  // 7x7 to 7x7, 192 to 320 channels
  Layer BLOCK7_EXPAND {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 1152, C: 192, R: 1, S: 1, Y: 7, X: 7 }
  }
  Layer BLOCK7_DEPTHWISE {
    Type: DSCONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, C: 1152, R: 3, S: 3, Y: 7, X: 7 }
  }
  Layer BLOCK7_PROJECT {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 320, C: 1152, R: 1, S: 1, Y: 7, X: 7 }
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
