/* The built-in operators, in the language that users' own are written in.
 *
 * Order is that of the reports.  Window Y[Y'][R] names the coordinate stride*Y' + dilation*R
 * of the layer, Upscaled Y[Y'][R] that of a transposed convolution.  A dim with a default need
 * not be given by a layer whose dataflow maps it.
 *
 * MATMUL is a GEMM whose operands are both activations.  ADD, MUL, ACT, SOFTMAX and NORM are vector
 * operators: what they cost is an operation for each element and pass over it.  The dim of passes
 * needs a tensor, as every dim does: W holds what a pass takes besides the elements.
 *
 * LSTM is one time step of one layer: all gates (G, four of them) of H hidden units are
 * products with the E values that go into a gate, the D input features and the H of the
 * step before; a layer gives H and D (or E), N for the batch, and its steps as Count. */
#include "frontend/operators.h"

const BuiltinOperator operators_builtin[BUILTIN_OPERATORS] = {
    {"CONV", "Operator CONV {\n"
             "  Order: [N, K, C, Y', X', R, S];\n"
             "  Window Y[Y'][R];  Window X[X'][S];\n"
             "  Weight W[K][C][R][S];  Input I[N][C][Y][X];  Output O[N][K][Y'][X'];\n"
             "  Default { N: 1 }\n"
             "}\n"},
    {"FC", "Operator FC {\n"
           "  Order: [N, K, C, Y', X', R, S];\n"
           "  Window Y[Y'][R];  Window X[X'][S];\n"
           "  Weight W[K][C][R][S];  Input I[N][C][Y][X];  Output O[N][K][Y'][X'];\n"
           "  Default { N: 1, Y': 1, X': 1, R: 1, S: 1 }\n"
           "}\n"},
    {"DSCONV", "Operator DSCONV {\n"
               "  Order: [N, C, K, Y', X', R, S];\n"
               "  Window Y[Y'][R];  Window X[X'][S];\n"
               "  Weight W[C][K][R][S];  Input I[N][C][Y][X];  Output O[N][C][K][Y'][X'];\n"
               "  Default { N: 1, K: 1 }\n"
               "}\n"},
    {"NGCONV", "Operator NGCONV {\n"
               "  Order: [N, G, K, C, Y', X', R, S];\n"
               "  Window Y[Y'][R];  Window X[X'][S];\n"
               "  Weight W[G][K][C][R][S];  Input I[N][G][C][Y][X];  Output O[N][G][K][Y'][X'];\n"
               "  Default { N: 1 }\n"
               "}\n"},
    {"TRCONV", "Operator TRCONV {\n"
               "  Order: [N, K, C, Y', X', R, S];\n"
               "  Upscaled Y[Y'][R];  Upscaled X[X'][S];\n"
               "  Weight W[K][C][R][S];  Input I[N][C][Y][X];  Output O[N][K][Y'][X'];\n"
               "  Default { N: 1 }\n"
               "}\n"},
    {"POOL", "Operator POOL {\n"
             "  Order: [N, C, Y', X', R, S];\n"
             "  Window Y[Y'][R];  Window X[X'][S];\n"
             "  Input I[N][C][Y][X];  Output O[N][C][Y'][X'];\n"
             "  Default { N: 1 }\n"
             "}\n"},
    {"GEMM", "Operator GEMM {\n"
             "  Order: [B, M, N, K];\n"
             "  Input A[B][M][K];  Weight B[B][K][N];  Output C[B][M][N];\n"
             "  Default { B: 1 }\n"
             "}\n"},
    {"MATMUL", "Operator MATMUL {\n"
               "  Order: [B, M, N, K];\n"
               "  Input A[B][M][K];  Input B[B][K][N];  Output C[B][M][N];\n"
               "  Default { B: 1 }\n"
               "}\n"},
    {"ADD", "Operator ADD {\n"
            "  Order: [N, C, Y', X'];\n"
            "  Input A[N][C][Y'][X'];  Input B[N][C][Y'][X'];  Output O[N][C][Y'][X'];\n"
            "  Default { N: 1, Y': 1, X': 1 }\n"
            "}\n"},
    {"MUL", "Operator MUL {\n"
            "  Order: [N, C, Y', X'];\n"
            "  Input A[N][C][Y'][X'];  Input B[N][C][Y'][X'];  Output O[N][C][Y'][X'];\n"
            "  Default { N: 1, Y': 1, X': 1 }\n"
            "}\n"},
    {"ACT", "Operator ACT {\n"
            "  Order: [N, C, Y', X'];\n"
            "  Input I[N][C][Y'][X'];  Output O[N][C][Y'][X'];\n"
            "  Default { N: 1, Y': 1, X': 1 }\n"
            "}\n"},
    {"SOFTMAX", "Operator SOFTMAX {\n"
                "  Order: [N, C, Y', X', P];\n"
                "  Weight W[P];  Input I[N][C][Y'][X'];  Output O[N][C][Y'][X'];\n"
                "  Default { N: 1, Y': 1, X': 1, P: 3 }\n"
                "}\n"},
    {"NORM", "Operator NORM {\n"
             "  Order: [N, C, Y', X', P];\n"
             "  Weight W[C][P];  Input I[N][C][Y'][X'];  Output O[N][C][Y'][X'];\n"
             "  Default { N: 1, Y': 1, X': 1, P: 3 }\n"
             "}\n"},
    {"LSTM", "Operator LSTM {\n"
             "  Order: [N, G, H, E];\n"
             "  Weight W[G][H][E];  Input I[N][E];  Output O[N][G][H];\n"
             "  Default { N: 1, G: 4, E: D + H }\n"
             "}\n"},
};
