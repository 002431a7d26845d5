// GoogLeNet, Szegedy et al. (2015), in the form that the frameworks train: one 224x224
// image, the second window of an Inception module 3x3 (5x5 in the paper), and the
// two side classifiers, which an inference may leave away (0.008 G). Windows are
// padded to keep the size; stride 2 halves it. An Inception module has four branches:
// 1X1; REDUCE_A and 3X3_A; REDUCE_B and 3X3_B; POOL, the 1x1 behind a 3x3 pooling.
// Poolings are left out.
// 1.507 G MACs, convolutions and fully connected layers.

Network "googlenet" {
  Layer CONV1 {
    Type: CONV
    Stride { X: 2, Y: 2 }
    Padding { X: 3, Y: 3 }
    Dimensions { N: 1, K: 64, C: 3, R: 7, S: 7, Y: 224, X: 224 }
  }
  Layer CONV2_REDUCE {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 64, C: 64, R: 1, S: 1, Y: 56, X: 56 }
  }
  Layer CONV2 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, K: 192, C: 64, R: 3, S: 3, Y: 56, X: 56 }
  }

  // Inception 3a, 28x28, 192 to 256 channels
  Layer INCEPTION3A_1X1 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 64, C: 192, R: 1, S: 1, Y: 28, X: 28 }
  }
  Layer INCEPTION3A_REDUCE_A {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 96, C: 192, R: 1, S: 1, Y: 28, X: 28 }
  }
  Layer INCEPTION3A_3X3_A {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, K: 128, C: 96, R: 3, S: 3, Y: 28, X: 28 }
  }
  Layer INCEPTION3A_REDUCE_B {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 16, C: 192, R: 1, S: 1, Y: 28, X: 28 }
  }
  Layer INCEPTION3A_3X3_B {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, K: 32, C: 16, R: 3, S: 3, Y: 28, X: 28 }
  }
  Layer INCEPTION3A_POOL {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 32, C: 192, R: 1, S: 1, Y: 28, X: 28 }
  }

  // Inception 3b, 28x28, 256 to 480 channels
  Layer INCEPTION3B_1X1 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 128, C: 256, R: 1, S: 1, Y: 28, X: 28 }
  }
  Layer INCEPTION3B_REDUCE_A {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 128, C: 256, R: 1, S: 1, Y: 28, X: 28 }
  }
  Layer INCEPTION3B_3X3_A {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, K: 192, C: 128, R: 3, S: 3, Y: 28, X: 28 }
  }
  Layer INCEPTION3B_REDUCE_B {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 32, C: 256, R: 1, S: 1, Y: 28, X: 28 }
  }
  Layer INCEPTION3B_3X3_B {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, K: 96, C: 32, R: 3, S: 3, Y: 28, X: 28 }
  }
  Layer INCEPTION3B_POOL {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 64, C: 256, R: 1, S: 1, Y: 28, X: 28 }
  }

  // Inception 4a, 14x14, 480 to 512 channels
  Layer INCEPTION4A_1X1 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 192, C: 480, R: 1, S: 1, Y: 14, X: 14 }
  }
  Layer INCEPTION4A_REDUCE_A {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 96, C: 480, R: 1, S: 1, Y: 14, X: 14 }
  }
  Layer INCEPTION4A_3X3_A {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, K: 208, C: 96, R: 3, S: 3, Y: 14, X: 14 }
  }
  Layer INCEPTION4A_REDUCE_B {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 16, C: 480, R: 1, S: 1, Y: 14, X: 14 }
  }
  Layer INCEPTION4A_3X3_B {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, K: 48, C: 16, R: 3, S: 3, Y: 14, X: 14 }
  }
  Layer INCEPTION4A_POOL {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 64, C: 480, R: 1, S: 1, Y: 14, X: 14 }
  }

  // side classifier, behind an average pooling to 4x4
  Layer SIDE1_CONV {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 128, C: 512, R: 1, S: 1, Y: 4, X: 4 }
  }
  Layer SIDE1_FC1 {
    Type: FC
    Dimensions { N: 1, K: 1024, C: 128, R: 4, S: 4, Y: 4, X: 4 }
  }
  Layer SIDE1_FC2 {
    Type: FC
    Dimensions { N: 1, K: 1000, C: 1024 }
  }

  // Inception 4b, 14x14, 512 to 512 channels
  Layer INCEPTION4B_1X1 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 160, C: 512, R: 1, S: 1, Y: 14, X: 14 }
  }
  Layer INCEPTION4B_REDUCE_A {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 112, C: 512, R: 1, S: 1, Y: 14, X: 14 }
  }
  Layer INCEPTION4B_3X3_A {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, K: 224, C: 112, R: 3, S: 3, Y: 14, X: 14 }
  }
  Layer INCEPTION4B_REDUCE_B {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 24, C: 512, R: 1, S: 1, Y: 14, X: 14 }
  }
  Layer INCEPTION4B_3X3_B {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, K: 64, C: 24, R: 3, S: 3, Y: 14, X: 14 }
  }
  Layer INCEPTION4B_POOL {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 64, C: 512, R: 1, S: 1, Y: 14, X: 14 }
  }

  // Inception 4c, 14x14, 512 to 512 channels
  Layer INCEPTION4C_1X1 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 128, C: 512, R: 1, S: 1, Y: 14, X: 14 }
  }
  Layer INCEPTION4C_REDUCE_A {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 128, C: 512, R: 1, S: 1, Y: 14, X: 14 }
  }
  Layer INCEPTION4C_3X3_A {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, K: 256, C: 128, R: 3, S: 3, Y: 14, X: 14 }
  }
  Layer INCEPTION4C_REDUCE_B {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 24, C: 512, R: 1, S: 1, Y: 14, X: 14 }
  }
  Layer INCEPTION4C_3X3_B {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, K: 64, C: 24, R: 3, S: 3, Y: 14, X: 14 }
  }
  Layer INCEPTION4C_POOL {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 64, C: 512, R: 1, S: 1, Y: 14, X: 14 }
  }

  // Inception 4d, 14x14, 512 to 528 channels
  Layer INCEPTION4D_1X1 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 112, C: 512, R: 1, S: 1, Y: 14, X: 14 }
  }
  Layer INCEPTION4D_REDUCE_A {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 144, C: 512, R: 1, S: 1, Y: 14, X: 14 }
  }
  Layer INCEPTION4D_3X3_A {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, K: 288, C: 144, R: 3, S: 3, Y: 14, X: 14 }
  }
  Layer INCEPTION4D_REDUCE_B {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 32, C: 512, R: 1, S: 1, Y: 14, X: 14 }
  }
  Layer INCEPTION4D_3X3_B {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, K: 64, C: 32, R: 3, S: 3, Y: 14, X: 14 }
  }
  Layer INCEPTION4D_POOL {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 64, C: 512, R: 1, S: 1, Y: 14, X: 14 }
  }

  // side classifier, behind an average pooling to 4x4
  Layer SIDE2_CONV {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 128, C: 528, R: 1, S: 1, Y: 4, X: 4 }
  }
  Layer SIDE2_FC1 {
    Type: FC
    Dimensions { N: 1, K: 1024, C: 128, R: 4, S: 4, Y: 4, X: 4 }
  }
  Layer SIDE2_FC2 {
    Type: FC
    Dimensions { N: 1, K: 1000, C: 1024 }
  }

  // Inception 4e, 14x14, 528 to 832 channels
  Layer INCEPTION4E_1X1 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 256, C: 528, R: 1, S: 1, Y: 14, X: 14 }
  }
  Layer INCEPTION4E_REDUCE_A {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 160, C: 528, R: 1, S: 1, Y: 14, X: 14 }
  }
  Layer INCEPTION4E_3X3_A {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, K: 320, C: 160, R: 3, S: 3, Y: 14, X: 14 }
  }
  Layer INCEPTION4E_REDUCE_B {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 32, C: 528, R: 1, S: 1, Y: 14, X: 14 }
  }
  Layer INCEPTION4E_3X3_B {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, K: 128, C: 32, R: 3, S: 3, Y: 14, X: 14 }
  }
  Layer INCEPTION4E_POOL {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 128, C: 528, R: 1, S: 1, Y: 14, X: 14 }
  }

  // Inception 5a, 7x7, 832 to 832 channels
  Layer INCEPTION5A_1X1 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 256, C: 832, R: 1, S: 1, Y: 7, X: 7 }
  }
  Layer INCEPTION5A_REDUCE_A {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 160, C: 832, R: 1, S: 1, Y: 7, X: 7 }
  }
  Layer INCEPTION5A_3X3_A {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, K: 320, C: 160, R: 3, S: 3, Y: 7, X: 7 }
  }
  Layer INCEPTION5A_REDUCE_B {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 32, C: 832, R: 1, S: 1, Y: 7, X: 7 }
  }
  Layer INCEPTION5A_3X3_B {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, K: 128, C: 32, R: 3, S: 3, Y: 7, X: 7 }
  }
  Layer INCEPTION5A_POOL {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 128, C: 832, R: 1, S: 1, Y: 7, X: 7 }
  }

  // Inception 5b, 7x7, 832 to 1024 channels
  Layer INCEPTION5B_1X1 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 384, C: 832, R: 1, S: 1, Y: 7, X: 7 }
  }
  Layer INCEPTION5B_REDUCE_A {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 192, C: 832, R: 1, S: 1, Y: 7, X: 7 }
  }
  Layer INCEPTION5B_3X3_A {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, K: 384, C: 192, R: 3, S: 3, Y: 7, X: 7 }
  }
  Layer INCEPTION5B_REDUCE_B {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 48, C: 832, R: 1, S: 1, Y: 7, X: 7 }
  }
  Layer INCEPTION5B_3X3_B {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, K: 128, C: 48, R: 3, S: 3, Y: 7, X: 7 }
  }
  Layer INCEPTION5B_POOL {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 128, C: 832, R: 1, S: 1, Y: 7, X: 7 }
  }

  // global average pooling (left out) to one pixel
  Layer FC {
    Type: FC
    Dimensions { N: 1, K: 1000, C: 1024 }
  }
}
