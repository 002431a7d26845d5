// The generator of a DCGAN, Radford et al. (2016), with the 4x4 windows and the widths
// that public implementations use for 64x64 images: 100 random numbers to 4x4 of 512
// channels (a fully connected layer), then transposed convolutions of stride 2, each
// doubling the image: (Y - 1) * 2 - 2 * 1 + 4 = 2 Y.

Network "dcgan" {
  Layer PROJECT {
    Type: FC
    Dimensions { N: 1, K: 8192, C: 100 }
  }
  Layer UP1 {
    Type: TRCONV
    Stride { X: 2, Y: 2 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, K: 256, C: 512, R: 4, S: 4, Y: 4, X: 4 }
  }
  Layer UP2 {
    Type: TRCONV
    Stride { X: 2, Y: 2 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, K: 128, C: 256, R: 4, S: 4, Y: 8, X: 8 }
  }
  Layer UP3 {
    Type: TRCONV
    Stride { X: 2, Y: 2 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, K: 64, C: 128, R: 4, S: 4, Y: 16, X: 16 }
  }
  Layer UP4 {
    Type: TRCONV
    Stride { X: 2, Y: 2 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, K: 3, C: 64, R: 4, S: 4, Y: 32, X: 32 }
  }
}
