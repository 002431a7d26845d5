// The first layers of ResNet-18 as Stream's tutorial has them, resnet18_first_4_layers.py
// (KULeuven-MICAS/stream, ba0d9f59).  For stream24-bus.hw and stream24-mesh.hw.

Network "resnet18-first-layers" {
  Layer CONV1 {
    Type: CONV
    Stride { X: 2, Y: 2 }
    Padding { X: 3, Y: 3 }
    Dimensions { K: 64, C: 3, Y: 224, X: 224, R: 7, S: 7 }
  }
  Layer POOL1 {
    Type: POOL
    Stride { X: 2, Y: 2 }
    Padding { X: 1, Y: 1 }
    Dimensions { C: 64, Y: 112, X: 112, R: 3, S: 3 }
  }
  Layer CONV2 {
    Type: CONV
    Padding { X: 1, Y: 1 }
    Dimensions { K: 64, C: 64, Y: 56, X: 56, R: 3, S: 3 }
  }
  Layer CONV3 {
    Type: CONV
    Padding { X: 1, Y: 1 }
    Dimensions { K: 64, C: 64, Y: 56, X: 56, R: 3, S: 3 }
  }
}
