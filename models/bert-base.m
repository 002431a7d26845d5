// The encoder of BERT-base, Devlin et al. (2019), as matrix products: 12 layers, width
// 768, 12 heads of 64. Embedding look-up, softmax, normalization and the pooler are left
// out. The length of the sequence is a constant: dcc -D Tokens=384 changes it.
// 9.30 G MACs at 107 tokens.

Constant Tokens 107;

Network "bert-base" {
  // queries, keys and values
  Layer QKV {
    Type: GEMM
    Dimensions { M: Tokens, N: 768, K: 768 }
    Count: 36
  }

  // the heads are a batch
  Layer SCORES {
    Type: GEMM
    Dimensions { B: 12, M: Tokens, N: Tokens, K: 64 }
    Count: 12
  }
  Layer CONTEXT {
    Type: GEMM
    Dimensions { B: 12, M: Tokens, N: 64, K: Tokens }
    Count: 12
  }

  // back to the width, then the two feed-forward products
  Layer PROJECT {
    Type: GEMM
    Dimensions { M: Tokens, N: 768, K: 768 }
    Count: 12
  }
  Layer FEED1 {
    Type: GEMM
    Dimensions { M: Tokens, N: 3072, K: 768 }
    Count: 12
  }
  Layer FEED2 {
    Type: GEMM
    Dimensions { M: Tokens, N: 768, K: 3072 }
    Count: 12
  }
}
