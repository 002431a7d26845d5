// ResNeXt-50 32x4d, Xie et al. (2017): ResNet-50 with twice the width inside a block
// and its 3x3 convolution in 32 groups. One 224x224 image. Names as in resnet50.m.
// 4.230 G MACs, convolutions and the fully connected layer.

Network "resnext50" {
  Layer CONV1 {
    Type: CONV
    Stride { X: 2, Y: 2 }
    Padding { X: 3, Y: 3 }
    Dimensions { N: 1, K: 64, C: 3, R: 7, S: 7, Y: 224, X: 224 }
  }

  // after a 3x3 pooling of stride 2 (left out)
  // stage 2: 3 blocks, output 56x56 of 256 channels
  Layer CONV2_FIRST_REDUCE {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 128, C: 64, R: 1, S: 1, Y: 56, X: 56 }
  }
  Layer CONV2_SHORT {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 256, C: 64, R: 1, S: 1, Y: 56, X: 56 }
  }
  Layer CONV2_REDUCE {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 128, C: 256, R: 1, S: 1, Y: 56, X: 56 }
    Count: 2
  }
  Layer CONV2 {
    Type: NGCONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, G: 32, K: 4, C: 4, R: 3, S: 3, Y: 56, X: 56 }
    Count: 3
  }
  Layer CONV2_EXPAND {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 256, C: 128, R: 1, S: 1, Y: 56, X: 56 }
    Count: 3
  }

  // stage 3: 4 blocks, output 28x28 of 512 channels
  Layer CONV3_FIRST_REDUCE {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 256, C: 256, R: 1, S: 1, Y: 56, X: 56 }
  }
  Layer CONV3_FIRST {
    Type: NGCONV
    Stride { X: 2, Y: 2 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, G: 32, K: 8, C: 8, R: 3, S: 3, Y: 56, X: 56 }
  }
  Layer CONV3_SHORT {
    Type: CONV
    Stride { X: 2, Y: 2 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 512, C: 256, R: 1, S: 1, Y: 56, X: 56 }
  }
  Layer CONV3_REDUCE {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 256, C: 512, R: 1, S: 1, Y: 28, X: 28 }
    Count: 3
  }
  Layer CONV3 {
    Type: NGCONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, G: 32, K: 8, C: 8, R: 3, S: 3, Y: 28, X: 28 }
    Count: 3
  }
  Layer CONV3_EXPAND {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 512, C: 256, R: 1, S: 1, Y: 28, X: 28 }
    Count: 4
  }

  // stage 4: 6 blocks, output 14x14 of 1024 channels
  Layer CONV4_FIRST_REDUCE {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 512, C: 512, R: 1, S: 1, Y: 28, X: 28 }
  }
  Layer CONV4_FIRST {
    Type: NGCONV
    Stride { X: 2, Y: 2 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, G: 32, K: 16, C: 16, R: 3, S: 3, Y: 28, X: 28 }
  }
  Layer CONV4_SHORT {
    Type: CONV
    Stride { X: 2, Y: 2 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 1024, C: 512, R: 1, S: 1, Y: 28, X: 28 }
  }
  Layer CONV4_REDUCE {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 512, C: 1024, R: 1, S: 1, Y: 14, X: 14 }
    Count: 5
  }
  Layer CONV4 {
    Type: NGCONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, G: 32, K: 16, C: 16, R: 3, S: 3, Y: 14, X: 14 }
    Count: 5
  }
  Layer CONV4_EXPAND {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 1024, C: 512, R: 1, S: 1, Y: 14, X: 14 }
    Count: 6
  }

  // stage 5: 3 blocks, output 7x7 of 2048 channels
  Layer CONV5_FIRST_REDUCE {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 1024, C: 1024, R: 1, S: 1, Y: 14, X: 14 }
  }
  Layer CONV5_FIRST {
    Type: NGCONV
    Stride { X: 2, Y: 2 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, G: 32, K: 32, C: 32, R: 3, S: 3, Y: 14, X: 14 }
  }
  Layer CONV5_SHORT {
    Type: CONV
    Stride { X: 2, Y: 2 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 2048, C: 1024, R: 1, S: 1, Y: 14, X: 14 }
  }
  Layer CONV5_REDUCE {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 1024, C: 2048, R: 1, S: 1, Y: 7, X: 7 }
    Count: 2
  }
  Layer CONV5 {
    Type: NGCONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, G: 32, K: 32, C: 32, R: 3, S: 3, Y: 7, X: 7 }
    Count: 2
  }
  Layer CONV5_EXPAND {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 2048, C: 1024, R: 1, S: 1, Y: 7, X: 7 }
    Count: 3
  }

  // global average pooling (left out) to one pixel
  Layer FC {
    Type: FC
    Dimensions { N: 1, K: 1000, C: 2048 }
  }
}
