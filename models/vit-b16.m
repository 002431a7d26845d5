// ViT-B/16, Dosovitskiy et al. (2021), Table 1: a transformer over one 224x224 image.  12 blocks, width
// 768, 12 heads of 64, a feed-forward part of 3072, patches of 16x16 pixels and one token more for
// the class, 1000 classes.  17.56 G MACs, element-wise work not counted.
//
// dcc -D Image=384 has larger images, of a multiple of 16 pixels, -D Batch=8 more of them.  The
// position embedding is left out.  Vector operators: a normalization and a softmax have 3 passes,
// the others 1.

Constant Batch 1;
Constant Image 224;                         // rows and columns of pixels
Constant Sequence (Image/16)*(Image/16)+1;  // tokens of an image
Constant Tokens Batch*Sequence;

Network "vit-b16" {
  Layer PATCHES {
    Type: CONV
    Stride { X: 16, Y: 16 }
    Dimensions { N: Batch, K: 768, C: 3, R: 16, S: 16, Y: Image, X: Image }
  }

  // The first of the blocks; the others read the one before.
  Layer NORM1 {
    Type: NORM
    From: PATCHES
    Dimensions { C: 768, Y': Tokens }
    Count: 12
  }
  Layer Q {
    Type: GEMM
    From: NORM1
    Dimensions { M: Tokens, N: 768, K: 768 }
    Count: 12
  }
  Layer K {
    Type: GEMM
    From: NORM1
    Dimensions { M: Tokens, N: 768, K: 768 }
    Count: 12
  }
  Layer V {
    Type: GEMM
    From: NORM1
    Dimensions { M: Tokens, N: 768, K: 768 }
    Count: 12
  }

  // The heads are a batch.
  Layer SCORES {
    Type: MATMUL
    From { A: Q, B: K }
    Dimensions { B: 12*Batch, M: Sequence, N: Sequence, K: 64 }
    Count: 12
  }
  Layer SOFTMAX {
    Type: SOFTMAX
    From: SCORES
    Dimensions { N: 12*Batch, C: Sequence, Y': Sequence }
    Count: 12
  }
  Layer MIX {
    Type: MATMUL
    From { A: SOFTMAX, B: V }
    Dimensions { B: 12*Batch, M: Sequence, N: 64, K: Sequence }
    Count: 12
  }
  Layer PROJECT {
    Type: GEMM
    From: MIX
    Dimensions { M: Tokens, N: 768, K: 768 }
    Count: 12
  }
  Layer ADD1 {
    Type: ADD
    From { A: PROJECT, B: PATCHES }
    Dimensions { C: 768, Y': Tokens }
    Count: 12
  }
  Layer NORM2 {
    Type: NORM
    From: ADD1
    Dimensions { C: 768, Y': Tokens }
    Count: 12
  }
  Layer FEED1 {
    Type: GEMM
    From: NORM2
    Dimensions { M: Tokens, N: 3072, K: 768 }
    Count: 12
  }
  Layer GELU {
    Type: ACT
    From: FEED1
    Dimensions { C: 3072, Y': Tokens }
    Count: 12
  }
  Layer FEED2 {
    Type: GEMM
    From: GELU
    Dimensions { M: Tokens, N: 768, K: 3072 }
    Count: 12
  }
  Layer ADD2 {
    Type: ADD
    From { A: FEED2, B: ADD1 }
    Dimensions { C: 768, Y': Tokens }
    Count: 12
  }

  // The class, from its token.
  Layer NORM3 {
    Type: NORM
    From: ADD2
    Dimensions { C: 768, Y': Batch }
  }
  Layer CLASSES {
    Type: GEMM
    From: NORM3
    Dimensions { M: Batch, N: 1000, K: 768 }
  }
}
