// ResNet-18, He et al. (2016): one 224x224 image. Two blocks of two 3x3 convolutions
// per stage; layers of one shape are written once with their Count. The names
// are stage, then what it is; SHORT is the 1x1 convolution beside a block that
// changes the size.
// 1.814 G MACs, convolutions and the fully connected layer.

Network "resnet18" {
  Layer CONV1 {
    Type: CONV
    Stride { X: 2, Y: 2 }
    Padding { X: 3, Y: 3 }
    Dimensions { N: 1, K: 64, C: 3, R: 7, S: 7, Y: 224, X: 224 }
  }

  // after a 3x3 pooling of stride 2 (left out): 56x56
  Layer CONV2 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, K: 64, C: 64, R: 3, S: 3, Y: 56, X: 56 }
    Count: 4
  }

  // stage 3: 28x28, 128 channels
  Layer CONV3_DOWN {
    Type: CONV
    Stride { X: 2, Y: 2 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, K: 128, C: 64, R: 3, S: 3, Y: 56, X: 56 }
  }
  Layer CONV3_SHORT {
    Type: CONV
    Stride { X: 2, Y: 2 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 128, C: 64, R: 1, S: 1, Y: 56, X: 56 }
  }
  Layer CONV3 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, K: 128, C: 128, R: 3, S: 3, Y: 28, X: 28 }
    Count: 3
  }

  // stage 4: 14x14, 256 channels
  Layer CONV4_DOWN {
    Type: CONV
    Stride { X: 2, Y: 2 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, K: 256, C: 128, R: 3, S: 3, Y: 28, X: 28 }
  }
  Layer CONV4_SHORT {
    Type: CONV
    Stride { X: 2, Y: 2 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 256, C: 128, R: 1, S: 1, Y: 28, X: 28 }
  }
  Layer CONV4 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, K: 256, C: 256, R: 3, S: 3, Y: 14, X: 14 }
    Count: 3
  }

  // stage 5: 7x7, 512 channels
  Layer CONV5_DOWN {
    Type: CONV
    Stride { X: 2, Y: 2 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, K: 512, C: 256, R: 3, S: 3, Y: 14, X: 14 }
  }
  Layer CONV5_SHORT {
    Type: CONV
    Stride { X: 2, Y: 2 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 512, C: 256, R: 1, S: 1, Y: 14, X: 14 }
  }
  Layer CONV5 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, K: 512, C: 512, R: 3, S: 3, Y: 7, X: 7 }
    Count: 3
  }

  // global average pooling (left out) to one pixel
  Layer FC {
    Type: FC
    Dimensions { N: 1, K: 1000, C: 512 }
  }
}
