// FactorFlow's GEMMs (EMJzero/FactorFlow, commit 062f9de, computations.py).  Its Out[M,N] = W[M,K]
// In[K,N] is C[N][M] here: what it calls M is N, and its N is M.

Network "FactorFlow's GEMMs" {
  // BERT-large: queries, keys and values; keys times queries; scores times values' output
  Layer KQV { Type: GEMM, Dimensions { M: 4096, N: 3072, K: 1024 } }
  Layer KTQ { Type: GEMM, Dimensions { M: 4096, N: 4096, K: 64 } }
  Layer Out { Type: GEMM, Dimensions { M: 4096, N: 1024, K: 1024 } }
  // long and flat ones
  Layer MB2 { Type: GEMM, Dimensions { M: 1024, N: 1024, K: 8192 } }
  Layer MB3 { Type: GEMM, Dimensions { M: 8, N: 8, K: 8192 } }
  Layer MB5 { Type: GEMM, Dimensions { M: 8, N: 8192, K: 1024 } }
  Layer MB6 { Type: GEMM, Dimensions { M: 256, N: 512, K: 256 } }
}
