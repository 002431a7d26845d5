// The workloads of Horeni et al., "Ruby: Improving Hardware Efficiency for Tensor Algebra Accelerators
// Through Imperfect Factorization", ISPASS 2022, of its figures 4 and 5 and its section V: a
// list of elements, and AlexNet's second convolution, 48 to 96 channels.

Constant Elements 100;

Network "ruby" {
  Layer elements { Type: GEMM, Dimensions { M: Elements, N: 1, K: 1 } }
  Layer conv2 { Type: CONV, Dimensions { N: 1, K: 96, C: 48, R: 5, S: 5, Y: 31, X: 31 } }
}
