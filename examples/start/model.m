// A network: layers with their type and dims; see dcc-model(5).
Network "@NAME@" {
  Layer CONV1 {
    Type: CONV
    Stride { Y: 1, X: 1 }
    Dimensions { K: 32, C: 3, R: 3, S: 3, Y: 34, X: 34 }
  }
  Layer CONV2 {
    Type: CONV
    Dimensions { K: 64, C: 32, R: 3, S: 3, Y: 34, X: 34 }
  }
}
