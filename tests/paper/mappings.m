// The products that mappings.txt has mappings of.  FactorFlow's M is N here, and its N is M.
Network "mappings" {
  Layer KQV { Type: GEMM, Dimensions { M: 4096, N: 3072, K: 1024 } }
  Layer KTQ { Type: GEMM, Dimensions { M: 4096, N: 4096, K: 64 } }
  Layer MB5 { Type: GEMM, Dimensions { M: 8, N: 8192, K: 1024 } }
  Layer MB6 { Type: GEMM, Dimensions { M: 256, N: 512, K: 256 } }
  Layer MB2 { Type: GEMM, Dimensions { M: 1024, N: 1024, K: 8192 } }
  Layer GEMM128 { Type: GEMM, Dimensions { M: 128, N: 128, K: 128 } }
}
