// VGG-16, configuration D of Simonyan and Zisserman (2015): a 224x224 image.
// Thirteen 3x3 convolutions that keep the size of the image, a 2x2 pooling of
// stride 2 after CONV2, 4, 7, 10 and 13 (left out here), three fully connected layers.
// 15.470 G MACs, of them 15.347 G in the convolutions.

Constant Batch 1;  // images worked on together

Network "vgg16" {
  // 224x224
  Layer CONV1 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: Batch, K: 64, C: 3, R: 3, S: 3, Y: 224, X: 224 }
  }
  Layer CONV2 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: Batch, K: 64, C: 64, R: 3, S: 3, Y: 224, X: 224 }
  }

  // 112x112
  Layer CONV3 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: Batch, K: 128, C: 64, R: 3, S: 3, Y: 112, X: 112 }
  }
  Layer CONV4 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: Batch, K: 128, C: 128, R: 3, S: 3, Y: 112, X: 112 }
  }

  // 56x56
  Layer CONV5 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: Batch, K: 256, C: 128, R: 3, S: 3, Y: 56, X: 56 }
  }
  Layer CONV6 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: Batch, K: 256, C: 256, R: 3, S: 3, Y: 56, X: 56 }
  }
  Layer CONV7 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: Batch, K: 256, C: 256, R: 3, S: 3, Y: 56, X: 56 }
  }

  // 28x28
  Layer CONV8 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: Batch, K: 512, C: 256, R: 3, S: 3, Y: 28, X: 28 }
  }
  Layer CONV9 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: Batch, K: 512, C: 512, R: 3, S: 3, Y: 28, X: 28 }
  }
  Layer CONV10 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: Batch, K: 512, C: 512, R: 3, S: 3, Y: 28, X: 28 }
  }

  // 14x14
  Layer CONV11 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: Batch, K: 512, C: 512, R: 3, S: 3, Y: 14, X: 14 }
  }
  Layer CONV12 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: Batch, K: 512, C: 512, R: 3, S: 3, Y: 14, X: 14 }
  }
  Layer CONV13 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: Batch, K: 512, C: 512, R: 3, S: 3, Y: 14, X: 14 }
  }

  // FC1 reads the 7x7 image of 512 channels as a convolution with a 7x7 window
  Layer FC1 {
    Type: FC
    Dimensions { N: Batch, K: 4096, C: 512, R: 7, S: 7, Y: 7, X: 7 }
  }
  Layer FC2 {
    Type: FC
    Dimensions { N: Batch, K: 4096, C: 4096 }
  }
  Layer FC3 {
    Type: FC
    Dimensions { N: Batch, K: 1000, C: 4096 }
  }
}
