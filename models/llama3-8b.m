// Llama 3 8B, Dubey et al. (2024), Table 3: grouped-query attention.  32 blocks, width 4096, 32 heads of
// 128 for queries and 8 for keys and values, a feed-forward part of 14336 with SwiGLU, and the
// vocabulary of the published weights, 128256.  7.50 G parameters are multiplied with, once a token.
//
// It reads a whole prompt at once; dcc -D Sequence=1 -D Past=2047 makes one more token behind one
// whose keys and values are kept.  The causal mask is not used to skip work.  Look-up, the
// rotation of queries and keys by their positions, and sampling are left out; scores are for
// the last token of each sequence alone.
//
// Vector operators: an RMS normalization has 2 passes, a softmax 3, the others 1.

Constant Batch 1;        // sequences
Constant Sequence 2048;  // tokens of each, worked on together
Constant Past 0;         // tokens before these, whose keys and values are kept
Constant Context Past + Sequence;
Constant Tokens Batch*Sequence;

Network "llama3-8b" {
  // A block reads what the one before adds up: no layer of it.
  Layer NORM1 {
    Type: NORM
    Dimensions { C: 4096, Y': Tokens, P: 2 }
    Count: 32
  }
  Layer Q {
    Type: GEMM
    From: NORM1
    Dimensions { M: Tokens, N: 4096, K: 4096 }
    Count: 32
  }
  Layer K {
    Type: GEMM
    From: NORM1
    Dimensions { M: Tokens, N: 1024, K: 4096 }
    Count: 32
  }
  Layer V {
    Type: GEMM
    From: NORM1
    Dimensions { M: Tokens, N: 1024, K: 4096 }
    Count: 32
  }

  // Grouped queries: the keys and values of a head serve four heads of queries.
  Layer SCORES {
    Type: MATMUL
    From { A: Q, B: K }
    Dimensions { B: 8*Batch, M: 4*Sequence, N: Context, K: 128 }
    Count: 32
  }
  Layer SOFTMAX {
    Type: SOFTMAX
    From: SCORES
    Dimensions { N: 32*Batch, C: Context, Y': Sequence }
    Count: 32
  }
  Layer MIX {
    Type: MATMUL
    From { A: SOFTMAX, B: V }
    Dimensions { B: 8*Batch, M: 4*Sequence, N: 128, K: Context }
    Count: 32
  }
  Layer PROJECT {
    Type: GEMM
    From: MIX
    Dimensions { M: Tokens, N: 4096, K: 4096 }
    Count: 32
  }

  // B is what the block reads.
  Layer ADD1 {
    Type: ADD
    From { A: PROJECT }
    Dimensions { C: 4096, Y': Tokens }
    Count: 32
  }
  Layer NORM2 {
    Type: NORM
    From: ADD1
    Dimensions { C: 4096, Y': Tokens, P: 2 }
    Count: 32
  }

  // SwiGLU: three products.
  Layer GATE {
    Type: GEMM
    From: NORM2
    Dimensions { M: Tokens, N: 14336, K: 4096 }
    Count: 32
  }
  Layer UP {
    Type: GEMM
    From: NORM2
    Dimensions { M: Tokens, N: 14336, K: 4096 }
    Count: 32
  }
  Layer SILU {
    Type: ACT
    From: GATE
    Dimensions { C: 14336, Y': Tokens }
    Count: 32
  }
  Layer GATED {
    Type: MUL
    From { A: SILU, B: UP }
    Dimensions { C: 14336, Y': Tokens }
    Count: 32
  }
  Layer DOWN {
    Type: GEMM
    From: GATED
    Dimensions { M: Tokens, N: 4096, K: 14336 }
    Count: 32
  }
  Layer ADD2 {
    Type: ADD
    From { A: DOWN, B: ADD1 }
    Dimensions { C: 4096, Y': Tokens }
    Count: 32
  }

  // A score per word.
  Layer NORM3 {
    Type: NORM
    From: ADD2
    Dimensions { C: 4096, Y': Batch, P: 2 }
  }
  Layer VOCABULARY {
    Type: GEMM
    From: NORM3
    Dimensions { M: Batch, N: 128256, K: 4096 }
  }
}
