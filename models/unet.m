// U-Net, Ronneberger et al. (2015): one 572x572 image, convolutions without padding, so
// that 388x388 pixels come out. DOWN layers are followed by a 2x2 pooling of stride 2
// (left out); UP is a 2x2 transposed convolution of stride 2, and the layer behind it
// also reads the cropped image of the DOWN side.
// 167.3 G MACs. The transposed convolutions count as run over the up-scaled input,
// zeros included; without the zeros the network has 150.4 G.

Network "unet" {
  // contracting: 64 channels
  Layer DOWN1_1 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 64, C: 1, R: 3, S: 3, Y: 572, X: 572 }
  }
  Layer DOWN1_2 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 64, C: 64, R: 3, S: 3, Y: 570, X: 570 }
  }

  // contracting: 128 channels
  Layer DOWN2_1 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 128, C: 64, R: 3, S: 3, Y: 284, X: 284 }
  }
  Layer DOWN2_2 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 128, C: 128, R: 3, S: 3, Y: 282, X: 282 }
  }

  // contracting: 256 channels
  Layer DOWN3_1 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 256, C: 128, R: 3, S: 3, Y: 140, X: 140 }
  }
  Layer DOWN3_2 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 256, C: 256, R: 3, S: 3, Y: 138, X: 138 }
  }

  // contracting: 512 channels
  Layer DOWN4_1 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 512, C: 256, R: 3, S: 3, Y: 68, X: 68 }
  }
  Layer DOWN4_2 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 512, C: 512, R: 3, S: 3, Y: 66, X: 66 }
  }

  // bottom: 1024 channels
  Layer BOTTOM_1 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 1024, C: 512, R: 3, S: 3, Y: 32, X: 32 }
  }
  Layer BOTTOM_2 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 1024, C: 1024, R: 3, S: 3, Y: 30, X: 30 }
  }

  // expanding: 512 channels
  Layer UP4 {
    Type: TRCONV
    Stride { X: 2, Y: 2 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 512, C: 1024, R: 2, S: 2, Y: 28, X: 28 }
  }
  Layer UP4_1 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 512, C: 1024, R: 3, S: 3, Y: 56, X: 56 }
  }
  Layer UP4_2 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 512, C: 512, R: 3, S: 3, Y: 54, X: 54 }
  }

  // expanding: 256 channels
  Layer UP3 {
    Type: TRCONV
    Stride { X: 2, Y: 2 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 256, C: 512, R: 2, S: 2, Y: 52, X: 52 }
  }
  Layer UP3_1 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 256, C: 512, R: 3, S: 3, Y: 104, X: 104 }
  }
  Layer UP3_2 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 256, C: 256, R: 3, S: 3, Y: 102, X: 102 }
  }

  // expanding: 128 channels
  Layer UP2 {
    Type: TRCONV
    Stride { X: 2, Y: 2 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 128, C: 256, R: 2, S: 2, Y: 100, X: 100 }
  }
  Layer UP2_1 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 128, C: 256, R: 3, S: 3, Y: 200, X: 200 }
  }
  Layer UP2_2 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 128, C: 128, R: 3, S: 3, Y: 198, X: 198 }
  }

  // expanding: 64 channels
  Layer UP1 {
    Type: TRCONV
    Stride { X: 2, Y: 2 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 64, C: 128, R: 2, S: 2, Y: 196, X: 196 }
  }
  Layer UP1_1 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 64, C: 128, R: 3, S: 3, Y: 392, X: 392 }
  }
  Layer UP1_2 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 64, C: 64, R: 3, S: 3, Y: 390, X: 390 }
  }

  // two classes per pixel
  Layer OUT {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 2, C: 64, R: 1, S: 1, Y: 388, X: 388 }
  }
}
