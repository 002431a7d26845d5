// The convolutions of AlexNet as in models/alexnet.m, for a batch of images.

Constant Batch 4;

Network "alexnet" {
  Layer CONV1 {
    Type: CONV
    Stride { X: 4, Y: 4 }
    Padding { X: 0, Y: 0 }
    Dimensions { N: Batch, K: 96, C: 3, R: 11, S: 11, Y: 227, X: 227 }
  }
  Layer CONV2 {
    Type: NGCONV
    Stride { X: 1, Y: 1 }
    Padding { X: 2, Y: 2 }
    Dimensions { N: Batch, G: 2, K: 128, C: 48, R: 5, S: 5, Y: 27, X: 27 }
  }
  Layer CONV3 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: Batch, K: 384, C: 256, R: 3, S: 3, Y: 13, X: 13 }
  }
  Layer CONV4 {
    Type: NGCONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: Batch, G: 2, K: 192, C: 192, R: 3, S: 3, Y: 13, X: 13 }
  }
  Layer CONV5 {
    Type: NGCONV
    Stride { X: 1, Y: 1 }
    Padding { X: 1, Y: 1 }
    Dimensions { N: Batch, G: 2, K: 128, C: 192, R: 3, S: 3, Y: 13, X: 13 }
  }
}
