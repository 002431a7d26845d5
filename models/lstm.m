// A recurrent network as matrix products: two LSTM layers of 1024 cells that read a sequence
// of 1024-wide inputs, one step after the other. The four gates (input, forget, cell, output)
// are the columns of one product. What the gates take from the inputs does not wait for the
// step before and is one product for the whole sequence; what they take from the hidden state
// is a product for each step. The element-wise work behind the gates is left out.
// dcc -D Steps=50 changes the length.

Constant Steps 25;
Constant Batch 1;
Constant Hidden 1024;

Network "lstm" {
  // all steps at once, both layers
  Layer GATES_INPUT {
    Type: GEMM
    Dimensions { M: Steps*Batch, N: 4*Hidden, K: Hidden }
    Count: 2
  }

  // a step, both layers
  Layer GATES_HIDDEN {
    Type: GEMM
    Dimensions { M: Batch, N: 4*Hidden, K: Hidden }
    Count: 2*Steps
  }
}
