// GPT-2, Radford et al. (2019), the smallest (124 M parameters), as matrix products: 12
// layers, width 768, 12 heads of 64, a vocabulary of 50257. It reads a whole prompt
// at once; with dcc -D Tokens=1 -D Context=1024 it makes one more token behind a prompt
// whose keys and values are kept. The causal mask is not used to skip work.

Constant Tokens 1024;   // worked on together
Constant Context 1024;  // looked back on, these included

Network "gpt2" {
  // queries, keys and values in one product
  Layer QKV {
    Type: GEMM
    Dimensions { M: Tokens, N: 2304, K: 768 }
    Count: 12
  }

  // the heads are a batch
  Layer SCORES {
    Type: GEMM
    Dimensions { B: 12, M: Tokens, N: Context, K: 64 }
    Count: 12
  }
  Layer CONTEXT {
    Type: GEMM
    Dimensions { B: 12, M: Tokens, N: 64, K: Context }
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

  // a score per word
  Layer VOCABULARY {
    Type: GEMM
    Dimensions { M: Tokens, N: 50257, K: 768 }
  }
}
