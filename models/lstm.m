// A recurrent network: two LSTM layers of 1024 cells that read a sequence of 25 inputs, 512
// features each, one after the other. A layer here is one step: the four gates of all cells
// multiply the features and the hidden state of the step before; Count has the steps. The
// element-wise work behind the gates is left out.
// dcc -D Steps=50 changes the length, -D Batch=8 the sequences worked on together.

Constant Steps 25;
Constant Batch 1;
Constant Features 512;
Constant Cells 1024;

Network "lstm" {
  Layer LSTM1 {
    Type: LSTM
    Dimensions { N: Batch, H: Cells, D: Features }
    Count: Steps
  }

  // reads the cells of the first
  Layer LSTM2 {
    Type: LSTM
    Dimensions { N: Batch, H: Cells, D: Cells }
    Count: Steps
  }
}
