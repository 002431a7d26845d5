// Four 3x3 convolutions in a row, lab 3 of Stream's tutorial (KULeuven-MICAS/stream, branch tutorial,
// 028f908c, 4_convs.onnx).  For hardware/stream-bus.hw.
// Fused: a node for each row of each layer, 224 in all; each layer on the core that is found for it.

Network "four-convolutions" {
  Layer CONV1 {
    Type: CONV
    Padding { X: 1, Y: 1 }
    Dimensions { K: 8, C: 3, Y: 56, X: 56, R: 3, S: 3 }
  }
  Layer CONV2 {
    Type: CONV
    Padding { X: 1, Y: 1 }
    Dimensions { K: 8, C: 8, Y: 56, X: 56, R: 3, S: 3 }
    From: CONV1
  }
  Layer CONV3 {
    Type: CONV
    Padding { X: 1, Y: 1 }
    Dimensions { K: 8, C: 8, Y: 56, X: 56, R: 3, S: 3 }
    From: CONV2
  }
  Layer CONV4 {
    Type: CONV
    Padding { X: 1, Y: 1 }
    Dimensions { K: 8, C: 8, Y: 56, X: 56, R: 3, S: 3 }
    From: CONV3
  }
}

Allocate { *: c0, c1, c2 }
Split { *: Y' all }
