// Mixtral 8x7B, Jiang et al. (2024), Table 1: a mixture of experts.  32 blocks, width 4096, 32 heads of
// 128 for queries and 8 for keys and values, 8 experts of 14336 with SwiGLU, of which each token
// has 2, a vocabulary of 32000.
//
// It reads a whole prompt at once; dcc -D Sequence=1 -D Past=2047 makes one more token behind one
// whose keys and values are kept.  Tokens are dealt out evenly: as many experts work as there
// are, or tokens' choices if those are fewer, each on an equal share, rounded up.  What llama3-8b.m
// says of the mask, of what is left out and of passes holds here.

Constant Batch 1;        // sequences
Constant Sequence 2048;  // tokens of each, worked on together
Constant Past 0;         // tokens before these, whose keys and values are kept
Constant Experts 8;
Constant Chosen 2;       // experts of a token
Constant Context Past + Sequence;
Constant Tokens Batch*Sequence;
Constant Active min(Experts, Tokens*Chosen);    // experts that have a token
Constant Share ceil(Tokens*Chosen, Active);     // tokens of each

Network "mixtral" {
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

  // Which experts a token has, and how much of each.
  Layer ROUTER {
    Type: GEMM
    From: NORM2
    Dimensions { M: Tokens, N: Experts, K: 4096 }
    Count: 32
  }
  Layer CHOICE {
    Type: SOFTMAX
    From: ROUTER
    Dimensions { C: Experts, Y': Tokens }
    Count: 32
  }

  // The experts are a batch, each with weights of its own.
  Layer GATE {
    Type: GEMM
    From: NORM2
    Dimensions { B: Active, M: Share, N: 14336, K: 4096 }
    Count: 32
  }
  Layer UP {
    Type: GEMM
    From: NORM2
    Dimensions { B: Active, M: Share, N: 14336, K: 4096 }
    Count: 32
  }
  Layer SILU {
    Type: ACT
    From: GATE
    Dimensions { N: Active, C: 14336, Y': Share }
    Count: 32
  }
  Layer GATED {
    Type: MUL
    From { A: SILU, B: UP }
    Dimensions { N: Active, C: 14336, Y': Share }
    Count: 32
  }
  Layer DOWN {
    Type: GEMM
    From: GATED
    Dimensions { B: Active, M: Share, N: 4096, K: 14336 }
    Count: 32
  }

  // A token's experts, weighed and added, with what the block had before.
  Layer WEIGHED {
    Type: MUL
    From { A: DOWN, B: CHOICE }
    Dimensions { C: 4096, Y': Tokens*Chosen }
    Count: 32
  }
  Layer ADD2 {
    Type: ADD
    From { A: WEIGHED, B: ADD1 }
    Dimensions { N: Chosen, C: 4096, Y': Tokens }
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
    Dimensions { M: Batch, N: 32000, K: 4096 }
  }
}
