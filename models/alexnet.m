// AlexNet, Krizhevsky et al. (2012), in the shapes of the Eyeriss chip's measurements
// (Chen et al., JSSC 2017, Table III): the input is 227x227, and CONV2, CONV4 and
// CONV5 are convolutions of two groups. One image; the chip was measured with four.
// 0.6657 G MACs in the convolutions, 0.0586 G in the fully connected layers.

Network "alexnet" {
  Layer CONV1 {
    Type: CONV
    Stride { X: 4, Y: 4 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: 1, K: 96, C: 3, R: 11, S: 11, Y: 227, X: 227 }
  }
  Layer CONV2 {
    Type: NGCONV
    Stride { X: 1, Y: 1 }
    Padding { X: 2, Y: 2 }
    Dimensions { N: 1, G: 2, K: 128, C: 48, R: 5, S: 5, Y: 27, X: 27 }
  }
  Layer CONV3 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, K: 384, C: 256, R: 3, S: 3, Y: 13, X: 13 }
  }
  Layer CONV4 {
    Type: NGCONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, G: 2, K: 192, C: 192, R: 3, S: 3, Y: 13, X: 13 }
  }
  Layer CONV5 {
    Type: NGCONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: 1, G: 2, K: 128, C: 192, R: 3, S: 3, Y: 13, X: 13 }
  }
  Layer FC1 {
    Type: FC
    Dimensions { N: 1, K: 4096, C: 256, R: 6, S: 6, Y: 6, X: 6 }
  }
  Layer FC2 {
    Type: FC
    Dimensions { N: 1, K: 4096, C: 4096 }
  }
  Layer FC3 {
    Type: FC
    Dimensions { N: 1, K: 1000, C: 4096 }
  }
}
