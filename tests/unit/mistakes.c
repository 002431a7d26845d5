/* What is wrong with a text, and where: tables of mistakes, a line of text each, with the message
 * and its column.  The messages are those of dcc_messages, as dcc prints them. */
#include <check.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "lib/dcc.h"

typedef struct {
    const char *text;
    int column; /* of the first error, in the line that the text comes to stand in */
    const char *message;
} Mistake;

static const Mistake constants[] = {
    {"Constant A 7/0;", 12, "division by zero [division]"},
    {"Constant A 7%0;", 12, "division by zero [division]"},
    {"Constant A (0-9223372036854775807-1)/(0-1);", 12,
     "the value does not fit 63 bits [overflow]"},
    {"Constant A 9223372036854775807+1;", 12, "the value does not fit 63 bits [overflow]"},
    {"Constant A -(0-9223372036854775807-1);", 12, "the value does not fit 63 bits [overflow]"},
    {"Constant A 9223372036854775807-(0-1);", 12, "the value does not fit 63 bits [overflow]"},
    {"Constant A 3037000500*3037000500;", 12, "the value does not fit 63 bits [overflow]"},
    {"Constant A 5000000000;", 12, "constant 'A' is 5000000000, beyond 2147483647 [range]"},
    {"Constant A 0-5000000000;", 12, "constant 'A' is -5000000000, beyond 2147483647 [range]"},
    {"Constant A 99999999999999999999;", 12,
     "99999999999999999999 does not fit 63 bits [overflow]"},
    {"Constant A 1.5;", 12, "'1.5' is not an integer [wrong-value]"},
    {"Constant A -(1/0);", 14, "division by zero [division]"},
    {"Constant A max(1);", 12, "max wants two arguments [arguments]"},
    {"Constant A max();", 12, "max wants two arguments [arguments]"},
    {"Constant A max(1,2,3);", 12, "max wants two arguments [arguments]"},
    {"Constant A ceil(1,0);", 12, "division by zero [division]"},
    {"Constant A min(1,1/0);", 18, "division by zero [division]"},
    {"Constant A min(1/0,1);", 16, "division by zero [division]"},
    {"Constant A Sz();", 12, "Sz wants one dim, as in Sz(R) [arguments]"},
    {"Constant A Sz(1);", 12, "Sz wants one dim, as in Sz(R) [arguments]"},
    {"Constant A Sz(R,S);", 12, "Sz wants one dim, as in Sz(R) [arguments]"},
    {"Constant A maxx(1,2);", 12, "no function 'maxx'; did you mean 'max'? [unknown-function]"},
    {"Constant A \"x\";", 12, "unexpected '\"x\"'; expected a value [syntax]"},
    {"Constant A [1,2];", 12, "unexpected '['; expected a value [syntax]"},
    {"Constant A 5 pJ;", 14, "unexpected 'pJ'; expected a key or '}' [syntax]"},
    {"Constant A 5 + Bee;", 16, "no constant 'Bee'; there is A [unknown-constant]"},
    {"Constant A B; Constant B A;", 10, "constant 'A' is defined by itself [cyclic-constant]"},
};

static const Mistake hardware[] = {
    {"Clock: (1/0) GHz", 30, "division by zero [division]"},
    {"Clock: 1e40 Hz", 29, "1e40 has too many digits [overflow]"},
    {"Clock: 1e37", 29, "1e37 has too many digits [overflow]"},
    {"Clock: 1.00000000000000000000000000000000000000000001 GHz", 29,
     "1.00000000000000000000000000000000000000000001 has too many digits [overflow]"},
    {"Clock: 1000000000000000000000000000000000000000000 Hz", 29,
     "1000000000000000000000000000000000000000000 has too many digits [overflow]"},
    {"Clock: 1000000000000000000 GHz", 29, "Clock does not fit 63 bits [overflow]"},
    {"Clock: [1]", 29, "a number is wanted here [wrong-value]"},
    {"Clock: \"x\" GHz", 29, "a number is wanted here [wrong-value]"},
    {"Clock: 1e-37 Hz", 29, "1e-37 has too many digits [overflow]"},
    {"Clock: -1 Hz", 29, "Clock must be above 0 [range]"},
    {"Clock: 0 Hz", 29, "Clock must be above 0 [range]"},
    {"Clock: 1 GB", 31, "Clock wants Hz, kHz, MHz or GHz [wrong-unit]"},
    {"Clock: 1", 29, "Clock wants Hz, kHz, MHz or GHz [wrong-unit]"},
    {"Clock { }", 22, "Clock wants a value [wrong-value]"},
    {"Clock: 1 Parsec", 31,
     "no unit is called 'Parsec'; there are bit, B, KB, KiB, MB, MiB, GB, GiB, Hz, kHz, MHz, GHz, "
     "ns, "
     "us, ms, s, cycle, cycles, um2, mm2, nW, uW, mW, W, fJ, pJ, nJ, uJ, mJ, J, nm, um, mm, mV and "
     "V "
     "[syntax]"},
    {"NoC 0 { Latency: 1e18*1e18 }", 39, "the value does not fit 63 bits [overflow]"},
    {"NoC 0 { Latency: -(1/0) }", 41, "division by zero [division]"},
    {"NoC 0 { Latency: 1 + (1/0) }", 44, "division by zero [division]"},
    {"NoC 0 { Latency: 1e18, Hops: 5e18 }", 1,
     "hops times latency of a NoC is beyond 2147483647 cycles [range]"},
    {"NoC 0 { Latency: 1e12, Hops: 7 }", 1,
     "hops times latency of a NoC is beyond 2147483647 cycles [range]"},
    {"NoC 0 { Bandwidth: 1/3, Bandwidth: 2 }", 46, "Bandwidth is given twice [duplicate-key]"},
    {"NoC 0 { Bandwidth: 3 GHz }", 43,
     "Bandwidth wants elements per cycle, or GB/s, B/cycle and the like [wrong-unit]"},
    {"NoC 0 { Bandwidth: 3 Parsec }", 43,
     "no unit is called 'Parsec'; there are bit, B, KB, KiB, MB, MiB, GB, GiB, Hz, kHz, MHz, GHz, "
     "ns, us, ms, s, cycle, cycles, um2, mm2, nW, uW, mW, W, fJ, pJ, nJ, uJ, mJ, J, nm, um, mm, mV "
     "and V [syntax]"},
    {"NoC 0 { Bandwidth: 0 }", 41, "Bandwidth must be above 0 [range]"},
    {"NoC 0 { Bandwidth: 9000000000000000000 TB/s }", 61,
     "no unit is called 'TB/s'; there are bit, B, KB, KiB, MB, MiB, GB, GiB, Hz, kHz, MHz, GHz, "
     "ns, us, ms, s, cycle, cycles, um2, mm2, nW, uW, mW, W, fJ, pJ, nJ, uJ, mJ, J, nm, um, mm, mV "
     "and V [syntax]"},
    {"NoC 0 { Bandwidth { W: 3, W: 4 } }", 48, "W is given twice [duplicate-key]"},
    {"NoC 0 { Bandwidth { Q: 3 } }", 42,
     "no operator has a tensor or role 'Q'; there are Input, Weight, Output, W, I, O, A, B and C "
     "[unknown-tensor]"},
    {"NoC 0 { Bandwidth { W { } } }", 42, "W wants one number [wrong-value]"},
    {"NoC 0 { Bandwidth { } }", 30, "Bandwidth gives nothing [empty]"},
    {"NoC 0 { Bandwidth: 1 GB/s }", 30,
     "a bandwidth per second needs the machine's Clock [missing-key]"},
    {"NoC 0 { Bandwidth: 1/9223372036854775807 GB/s } Clock: 3 Hz", 30,
     "the bandwidth per cycle does not fit 63 bits [overflow]"},
    {"NoC 0 { Multicast: maybe }", 41, "Multicast is one of no, yes, not 'maybe' [wrong-value]"},
    {"NoC 0 { Multicast: 1+1 }", 30, "Multicast wants a word [wrong-value]"},
    {"NoC 0 { Multicast: 1 }", 30, "Multicast wants a word [wrong-value]"},
    {"NoC 0 { Prefetch: layers }", 40,
     "Prefetch is one of layer, tile, none, step, not 'layers'; did you mean 'layer'? "
     "[wrong-value]"},
    {"NoC 9 { Latency: 1 }", 26, "NoC is 9; it must be 0 to 8 [range]"},
    {"NoC x { Latency: 1 }", 26, "no constant 'x' [unknown-constant]"},
    {"NoC { Latency: 1 }", 22, "NoC wants a name or number and { ... } [wrong-value]"},
    {"Buffer L1 { Capacity: 0.5 B }", 44, "Capacity must be at least 1 B [range]"},
    {"Buffer L1 { Capacity: 4 }", 44,
     "Capacity wants bit, B, KB, KiB, MB, MiB, GB or GiB [wrong-unit]"},
    {"Buffer L9 { Capacity: 4 B }", 29,
     "no buffer 'L9'; there are L1, L2, and 1, 2, ... between them [wrong-value]"},
    {"Buffer 0 { Capacity: 4 B }", 29, "Buffer is 0; it must be 1 to 8 [range]"},
    {"Setup: 5 GHz", 31, "Setup wants cycle or cycles, or ns, us, ms or s [wrong-unit]"},
    {"Setup: -5", 29, "Setup must not be negative [range]"},
    {"Setup: 5 Parsec", 31,
     "no unit is called 'Parsec'; there are bit, B, KB, KiB, MB, MiB, GB, GiB, Hz, kHz, MHz, GHz, "
     "ns, us, ms, s, cycle, cycles, um2, mm2, nW, uW, mW, W, fJ, pJ, nJ, uJ, mJ, J, nm, um, mm, mV "
     "and V [syntax]"},
    {"Setup: 2e9 s, Clock: 1e9 GHz", 22, "Setup is beyond 2147483647 cycles [range]"},
    {"Setup: 1 us", 22, "a Setup in seconds needs the machine's Clock [missing-key]"},
    {"Precision: 1/3 bit", 33, "Precision is not a whole number of bits from 1 to 8192 [range]"},
    {"Precision: 0 bit", 33, "Precision must be above 0 [range]"},
    {"Precision: 4 KiB", 33, "Precision is not a whole number of bits from 1 to 8192 [range]"},
    {"Precision { W: 8 bit }", 22, "Precision says nothing of tensor I of CONV [missing-key]"},
    {"Precision { }", 22, "Precision gives nothing [empty]"},
    {"OffChip { Holds: [] }", 39, "Holds names nothing [empty]"},
    {"OffChip { Holds: [W, W] }", 43, "W is named twice [duplicate-key]"},
    {"OffChip { Holds: [1] }", 40, "Holds wants names of tensors [wrong-value]"},
    {"OffChip { Holds: 3 }", 39, "Holds wants names of tensors [wrong-value]"},
    {"OffChip { Holds: Wait }", 39,
     "no operator has a tensor or role 'Wait'; there are Input, Weight, Output, W, I, O, A, B and "
     "C [unknown-tensor]"},
    {"Budget { Area: 5 pJ }", 39, "Area wants um2 or mm2 [wrong-unit]"},
    {"Technology: [a]", 22, "Technology wants a word [wrong-value]"},
    {"Lanes: 0", 29, "Lanes is 0; it must be 1 to 2147483647 [range]"},
};

static const Mistake counts[] = {
    {"PEs: Sz(R)", 20, "Sz stands only in dataflows and constants [wrong-value]"},
    {"PEs: 4.5", 20, "'4.5' is not an integer [wrong-value]"},
    {"PEs: 5 GHz", 22, "a plain number is wanted, without 'GHz' [wrong-unit]"},
    {"PEs: \"x\"", 20, "an integer is wanted here [wrong-value]"},
    {"PEs: 0", 20, "PEs is 0; it must be 1 to 2147483647 [range]"},
};

static const Mistake technologies[] = {
    {"MAC { Energy: 1 pJ }", 18,
     "MAC has no source; write Source: \"where its figures are from\" [missing-key]"},
    {"MAC { Energy: 1 pJ, Source: 3 }", 18,
     "MAC has no source; write Source: \"where its figures are from\" [missing-key]"},
    {"MAC { Energy: 1 pJ, Source: \"\" }", 18,
     "MAC has no source; write Source: \"where its figures are from\" [missing-key]"},
    {"MAC { Energy: -1 pJ, Source: \"s\" }", 32, "Energy is negative [range]"},
    {"MAC { Energy { }, Source: \"s\" }", 24, "Energy has no number [wrong-value]"},
    {"MAC { Energy: 1 mW, Source: \"s\" }", 32,
     "Energy has unit 'mW'; it is given in fJ, pJ, nJ, uJ, mJ or J [wrong-unit]"},
    {"MAC { Energy: 1, Source: \"s\" }", 32,
     "Energy has no unit; it is given in fJ, pJ, nJ, uJ, mJ or J [wrong-unit]"},
    {"MAC { Energy: 1 Parsec, Source: \"s\" }", 34,
     "no unit is called 'Parsec'; there are bit, B, KB, KiB, MB, MiB, GB, GiB, Hz, kHz, MHz, GHz, "
     "ns, "
     "us, ms, s, cycle, cycles, um2, mm2, nW, uW, mW, W, fJ, pJ, nJ, uJ, mJ, J, nm, um, mm, mV and "
     "V "
     "[syntax]"},
    {"MAC { Energy: (1/0) pJ, Source: \"s\" }", 33, "division by zero [division]"},
    {"MAC { Width: 0 bit, Energy: 1 pJ, Source: \"s\" }", 31, "Width is to be above 0 [range]"},
    {"MAC { Width: 1 pJ, Energy: 1 pJ, Source: \"s\" }", 31,
     "Width has unit 'pJ'; it is given in bit, B, KB, KiB, MB, MiB, GB or GiB [wrong-unit]"},
    {"MAC { Multiply2: 1 bit, Source: \"s\" }", 35,
     "Multiply2 has unit 'bit'; it is given in fJ, pJ, nJ, uJ, mJ or J [wrong-unit]"},
    {"MAC { Area: 1 mW, Source: \"s\" }", 30,
     "Area has unit 'mW'; it is given in um2 or mm2 [wrong-unit]"},
    {"MAC { Power: 1 um2, Source: \"s\" }", 31,
     "Power has unit 'um2'; it is given in nW, uW, mW or W [wrong-unit]"},
    {"MAC { Energies: 1 pJ, Source: \"s\" }", 24,
     "MAC has no key 'Energies'; there are Energy, Width, Area, Power, Add1, Multiply1, Multiply2, "
     "Range and Source [unknown-key]"},
    {"MAC { Energy: 1 pJ, Range: [1 bit], Source: \"s\" }", 38,
     "Range wants its two ends, as in Range: [16, 1024] [wrong-value]"},
    {"MAC { Energy: 1 pJ, Range: [1 bit, 2 bit, 3 bit], Source: \"s\" }", 38,
     "Range wants its two ends, as in Range: [16, 1024] [wrong-value]"},
    {"MAC { Energy: 1 pJ, Range: [1 pJ, 2 bit], Source: \"s\" }", 46,
     "Range has unit 'pJ'; it is given in bit, B, KB, KiB, MB, MiB, GB or GiB [wrong-unit]"},
    {"MAC { Energy: 1 pJ, Range: [0 bit, 2 bit], Source: \"s\" }", 45,
     "Range is to be of numbers above 0, the smaller first [range]"},
    {"SRAM { Energy: 1 W, Source: \"s\" }", 33,
     "Energy has unit 'W'; it is given in fJ, pJ, nJ, uJ, mJ or J [wrong-unit]"},
    {"SRAM { Read: 1 W, Source: \"s\" }", 31,
     "Read has unit 'W'; it is given in fJ, pJ, nJ, uJ, mJ or J [wrong-unit]"},
    {"SRAM { Write: -1 pJ, Source: \"s\" }", 32, "Write is negative [range]"},
    {"SRAM { Area: 1 pJ, Source: \"s\" }", 31,
     "Area has unit 'pJ'; it is given in um2 or mm2 [wrong-unit]"},
    {"SRAM { Power: -1 mW/B, Source: \"s\" }", 32, "Power is negative [range]"},
    {"SRAM { Aera: 1 um2/B, Source: \"s\" }", 25,
     "a buffer has no key 'Aera'; did you mean 'Area'? [unknown-key]"},
    {"SRAM { Width: 0 B, Energy: 1 pJ, Source: \"s\" }", 32, "Width is to be above 0 [range]"},
    {"SRAM { Width: 1 mW, Energy: 1 pJ, Source: \"s\" }", 32,
     "Width has unit 'mW'; it is given in bit, B, KB, KiB, MB, MiB, GB or GiB [wrong-unit]"},
    {"SRAM { Point 1 { Energy: 1 pJ } Source: \"s\" }", 25,
     "a point has no Capacity [missing-key]"},
    {"SRAM { Point 1 { Capacity: 0 B, Energy: 1 pJ } Source: \"s\" }", 45,
     "Capacity is to be above 0 [range]"},
    {"SRAM { Point 1 { Capacity: 1 pJ, Energy: 1 pJ } Source: \"s\" }", 45,
     "Capacity has unit 'pJ'; it is given in bit, B, KB, KiB, MB, MiB, GB or GiB [wrong-unit]"},
    {"SRAM { Point 1 { Capacity: 2 B, Energy: 1 pJ } Point 2 { Capacity: 2 B, Energy: 1 pJ } "
     "Source: \"s\" }",
     90, "the capacity of a point is not above the one before [range]"},
    {"Buffer { Energy: 1 W, Source: \"s\" }", 35,
     "Energy has unit 'W'; it is given in fJ, pJ, nJ, uJ, mJ or J [wrong-unit]"},
    {"Bus { Area { Scale: 1 mW }, Source: \"s\" }", 38,
     "Scale has unit 'mW'; it is given in um2 or mm2 [wrong-unit]"},
    {"Bus { Area { PerPE: 1 mW }, Source: \"s\" }", 38,
     "PerPE has unit 'mW'; it is given in a plain number [wrong-unit]"},
    {"Bus { Area { Bass: 1 }, Source: \"s\" }", 31,
     "Area has no key 'Bass'; did you mean 'Base'? [unknown-key]"},
    {"Bus { Power { PerPE2: 1 bit }, Source: \"s\" }", 40,
     "PerPE2 has unit 'bit'; it is given in a plain number [wrong-unit]"},
    {"Bus { Energy: 3, Source: \"s\" }", 24,
     "Bus has no key 'Energy'; there are Area, Power, Range and Source [unknown-key]"},
    {"Arbiter { Range: [4, 512 B], Area { Base: 1 }, Source: \"s\" }", 39,
     "Range has unit 'B'; it is given in a plain number [wrong-unit]"},
    {"NoC { Hop: -1 pJ, Source: \"s\" }", 29, "Hop is negative [range]"},
    {"NoC { Hop: 1 mW, Source: \"s\" }", 29,
     "Hop has unit 'mW'; it is given in fJ, pJ, nJ, uJ, mJ or J [wrong-unit]"},
    {"NoC { Hop: 1 pJ, Width: 0 bit, Source: \"s\" }", 42, "Width is to be above 0 [range]"},
    {"NoC { Hops: 1 pJ, Source: \"s\" }", 24,
     "NoC has no key 'Hops'; did you mean 'Hop'? [unknown-key]"},
    {"OffChip { Energy: 1 pJ }", 18,
     "OffChip has no source; write Source: \"where its figures are from\" [missing-key]"},
    {"Idle { Power: -1 mW, Source: \"s\" }", 32, "Power is negative [range]"},
    {"Idle { Power: 1 pJ, Source: \"s\" }", 32,
     "Power has unit 'pJ'; it is given in nW, uW, mW or W [wrong-unit]"},
    {"Idle { Powder: 1 mW, Source: \"s\" }", 25,
     "Idle has no key 'Powder'; did you mean 'Power'? [unknown-key]"},
    {"L3 { Energy: 1 pJ, Source: \"s\" }", 18,
     "Technology has no key 'L3'; did you mean 'L1'? [unknown-key]"},
    {"Width: 0 bit", 25, "Width is to be above 0 [range]"},
    {"Width: 1 pJ", 25,
     "Width has unit 'pJ'; it is given in bit, B, KB, KiB, MB, MiB, GB or GiB [wrong-unit]"},
    {"Node: 7", 24, "Node has no unit; it is given in nm, um or mm [wrong-unit]"},
    {"Voltage: 7 nm", 27, "Voltage has unit 'nm'; it is given in mV or V [wrong-unit]"},
    {"MAC { Energy: 1, Source: \"s\" }", 32,
     "Energy has no unit; it is given in fJ, pJ, nJ, uJ, mJ or J [wrong-unit]"},
};

static const Mistake operators[] = {
    {"Order: 3", 15, "Order wants a list of dims, as in [N, K, C] [wrong-value]"},
    {"Order: [1, K]", 23, "a dim's name is wanted here [operator]"},
    {"Order: [K, K] Input A[K]; Output O[K];", 26, "dim 'K' stands in Order twice [operator]"},
    {"Order: [K, C] Input A[K]; Output O[K];", 10,
     "no tensor of operator OP has the dim 'C' [operator]"},
    {"Window Y; Input A[Y]; Output O[Y'];", 15,
     "Window wants a name and two dims, as in Window Y[Y'][R] [operator]"},
    {"Window Y[Y'][2]; Input A[Y]; Output O[Y'];", 15,
     "Window wants a name and two dims, as in Window Y[Y'][R] [operator]"},
    {"Window Y[Y'][R][S]; Input A[Y]; Output O[Y'];", 15,
     "Window wants a name and two dims, as in Window Y[Y'][R] [operator]"},
    {"Window Y[Y'][R]; Window Y[X'][S]; Input A[Y]; Output O[Y'];", 39,
     "'Y' is a dim already [operator]"},
    {"Window Y[Y'][R]; Window R[X'][S]; Input A[Y]; Output O[Y'];", 39,
     "'R' is a dim already [operator]"},
    {"Window Y[R][R]; Input A[Y]; Output O[R];", 15,
     "a window needs two different dims [operator]"},
    {"Window A[B][C]; Window D[E][F]; Window G[H][I]; Window J[K][L]; Window M[N][P]; Input X[A]; "
     "Output O[B];",
     10, "no tensor of operator OP has the dim 'E' [operator]"},
    {"Input A[2*3]; Output O[I];", 23,
     "a coordinate is a sum of dims, each with a factor at most [operator]"},
    {"Input A[I-J]; Output O[I];", 23,
     "a coordinate is a dim or a sum of two, as in [I], [I+J] or [2*I+J] [operator]"},
    {"Input A[I/2]; Output O[I];", 23,
     "a coordinate is a dim or a sum of two, as in [I], [I+J] or [2*I+J] [operator]"},
    {"Input A[\"x\"]; Output O[I];", 23, "unexpected '\"x\"'; expected a value [syntax]"},
    {"Input A[-I]; Output O[I];", 23,
     "a coordinate is a dim or a sum of two, as in [I], [I+J] or [2*I+J] [operator]"},
    {"Input A[1/0*I]; Output O[I];", 23, "division by zero [division]"},
    {"Input A[I+I]; Output O[I];", 23, "dim 'I' stands twice in tensor A [operator]"},
    {"Input A; Output O[I];", 15, "tensor A has no coordinates [operator]"},
    {"Input A: 3 Output O[I];", 22, "unexpected ':'; expected a key, 'for' or '}' [syntax]"},
    {"Input A[I]; Weight A[I]; Output O[I];", 34, "tensor 'A' is given twice [operator]"},
    {"Output O[I];", 10, "operator OP has no Input [operator]"},
    {"Output O[2*I]; Input A[I];", 24,
     "a coordinate of the output is one dim without a factor [operator]"},
    {"Input A[I]; Output O[I]; Default { J: 3 }", 50,
     "no tensor of operator OP has a dim 'J' [operator]"},
    {"Input A[I]; Output O[I]; Default { I { } }", 50,
     "no tensor of operator OP has a dim 'I' [operator]"},
};

static const Mistake layers[] = {
    {"Dimensions { K: 4, K: 5 }", 51, "K is given twice, with different extents [dim-conflict]"},
    {"Dimensions { K }", 47, "unexpected '}'; expected a value or 'for' [syntax]"},
    {"Dimensions { K: 4 pJ }", 50, "a plain number is wanted, without 'pJ' [wrong-unit]"},
    {"Dimensions { Q: 4 }", 45,
     "CONV has no dimension 'Q'; there are N, K, C, Y', X', R, S, Y and X [unknown-dim]"},
    {"Dimensions { K: 2147483647, C: 2147483647, X': 2147483647 }", 17,
     "the MACs of layer L do not fit 63 bits [macs]"},
    {"Dimensions { Y': 2000000000, R: 3 } Stride { Y: 2 }", 11,
     "layer L: Y comes to 4000000001, beyond 2147483647 [range]"},
    {"Dimensions { K: 1 } Stride { Y: 2, Y: 3 }", 67, "Y is given twice [duplicate-key]"},
    {"Dimensions { K: 1 } Stride { K: 2 }", 61,
     "CONV has no input dimension 'K'; there are Y and X [unknown-dim]"},
    {"Dimensions { K: 1 } Stride { Y: 0 }", 64,
     "Stride of Y of layer L is 0; it must be 1 to 4096 [range]"},
    {"Dimensions { K: 1 } Density { W { } }", 62, "W wants one number [wrong-value]"},
    {"Dimensions { K: 1 } Density { W: 0.5 bit }", 62, "W wants one number [wrong-value]"},
    {"Dimensions { K: 1 } Density { W: 1/0 }", 65, "division by zero [division]"},
    {"Dimensions { K: 1 } Density { W: 2 }", 65,
     "density of W is 2; it must be above 0 and at most 1 [range]"},
    {"Dimensions { K: 1 } Density { W: 0 }", 65,
     "density of W is 0; it must be above 0 and at most 1 [range]"},
    {"Dimensions { K: 1 } Density { Q: 1 }", 62,
     "CONV has no tensor or role 'Q'; there are W, I, O, Weight, Input and Output "
     "[unknown-tensor]"},
    {"Dimensions { Y: 3, R: 5 }", 45,
     "layer L: the window of R covers 5, but Y with its padding has 3 [window]"},
    {"Dimensions { K: 1 } Count: 0", 59,
     "Count of layer L is 0; it must be 1 to 2147483647 [range]"},
    {"Dimensions: 3", 32, "Dimensions wants { ... } [wrong-value]"},
    {"Dimensions { K: 1 } Stride: 3", 52, "Stride wants { ... } [wrong-value]"},
    {"Dimensions { K: 1 } Type: DSCONV", 52, "Type is given twice [duplicate-key]"},
    {"Dimensions { K: 1 } Dataflow \"d\"", 52,
     "Dataflow wants { ... }, with or without a name [wrong-value]"},
    {"Dimensions { K: 1 } Dataflow { SpatialMap: 3 }", 63,
     "SpatialMap wants arguments, as in (1,1) [wrong-value]"},
    {"Dimensions { K: 1 } Dataflow { SpatialMap(1,1); }", 63,
     "SpatialMap wants a dim after it, as in SpatialMap(1,1) K [arguments]"},
    {"Dimensions { K: 1 } Dataflow { Cluster(1) K; }", 63,
     "Cluster wants the number of its units, as in Cluster(8) [arguments]"},
    {"Dimensions { K: 1 } Dataflow { Cluster(1,2,3); }", 63,
     "Cluster wants the number of its units, as in Cluster(8) [arguments]"},
    {"Dimensions { K: 1 } Stride { K: 2 }", 61,
     "CONV has no input dimension 'K'; there are Y and X [unknown-dim]"},
    {"Dimensions { K: 1 } Stride { YY: 2 }", 61,
     "CONV has no input dimension 'YY'; did you mean 'Y'? [unknown-dim]"},
};

static const Mistake files[] = {
    {"Accelerator { PEs: 4 } Dataflow { SpatialMap(1,1) M; } Network { Layer L { Type: GEMM "
     "Dimensions { M: 4 } Stride { M: 2 } } }",
     116, "GEMM has no input dimension 'M' [unknown-dim]"},
    {"Accelerator { PEs: 4 } Dataflow { SpatialMap(1,1) K; } Dataflow for CONV { SpatialMap(1,1) "
     "K; } Network for CONV { Layer L { Type: CONV Dimensions { K: 4 } } }",
     109, "only a Dataflow is `for` types of layers [wrong-value]"},
    {"Accelerator { PEs: 4 } Layer L { Type: CONV }", 24,
     "'Layer' does not belong outside of any block [unknown-key]"},
    {"Accelerator { PEs: 4 Constant A 3; }", 22,
     "'Constant' does not belong in Accelerator [unknown-key]"},
    {"Accelerator { PEs: 4 Bandwidth: 3 }", 22,
     "'Bandwidth' does not belong in Accelerator [unknown-key]"},
    {"Accelerator { PEs: 4 Cluster(3); }", 22,
     "'Cluster' does not belong in Accelerator [unknown-key]"},
    {"Accelerator { PEs: 4 } num_pes { }", 24, "num_pes wants a value [wrong-value]"},
    {"Accelerator { PEs[3]: 4 }", 21, "unexpected ':'; expected a key, 'for' or '}' [syntax]"},
    {"Network \"n\" { Layer { Type: CONV } }", 15, "Layer wants a name and { ... } [wrong-value]"},
    {"Network 3 { }", 1, "network without layers [empty]"},
    {"Operator { Input A[I]; Output O[I]; }", 1, "Operator wants a name and { ... } [wrong-value]"},
    {"Operator O { Input A[I]; Output O[I]; } Operator O { Input A[I]; Output O[I]; } Operator "
     "CONV { Input A[I]; Output O[I]; }",
     50, "operator 'O' is defined twice [duplicate-operator]"},
    {"Accelerator { PEs: 4 Buffer \"L1\" { Capacity: 4 B } Buffer L1 { Capacity: 4 B } }", 52,
     "Buffer L1 is given twice [duplicate-block]"},
    {"Accelerator { PEs: 4 OffChip \"x\" { Bandwidth: 4 } }", 22,
     "OffChip wants { ... } [wrong-value]"},
    {"Accelerator { PEs: 4 Clock: 1 GHz Precision { W: 8 bit, W: 8 bit, I: 8 bit, O: 8 bit } }", 57,
     "W is given twice [duplicate-key]"},
    {"Accelerator { PEs: 4 Clock: 1 GHz Precision: 8 bit OffChip { Bandwidth { W: 3 } } }", 62,
     "Bandwidth wants a value [wrong-value]"},
    {"PEs: 4", 1, "'PEs' does not belong outside of any block [unknown-key]"},
    {"Type CONV", 1, "'Type' does not belong outside of any block [unknown-key]"},
    {"Constant", 8, "unexpected end of the file; expected a name [syntax]"},
    {"Constant 3;", 10, "unexpected '3'; expected a name [syntax]"},
    {"Dataflow { SpatialMap(1,1 K; }", 27, "unexpected 'K'; expected ')' or ',' [syntax]"},
    {")", 1, "unexpected ')'; expected a key or '}' [syntax]"},
    {"Accelerator { PEs: 4 ( }", 22, "unexpected '('; expected a key or '}' [syntax]"},
    {"Accelerator { PEs: 4 /* never", 22, "comment without its end '*/' [syntax]"},
    {"Accelerator { PEs: 4 \"never", 22, "string without its closing '\"' [syntax]"},
    {"Accelerator { PEs: 4 $ }", 22, "character '$' does not belong here [syntax]"},
    {"Accelerator { PEs: 0x10 }", 20, "'0x10' is neither a number nor a name"},
    {"Accelerator { PEs: 4e }", 20, "'4e' is neither a number nor a name"},
    {"Accelerator { PEs: 1..2 }", 21, "character '.' does not belong here [syntax]"},
    {"Accelerator { PEs: [1,,2] }", 23, "unexpected ','; expected a value [syntax]"},
    {"Accelerator { PEs: [1 2] }", 23, "unexpected '2'; expected a unit, ']' or ',' [syntax]"},
    {"Accelerator { PEs }", 19, "unexpected '}'; expected a value or 'for' [syntax]"},
};

#define REST_MACHINE "Accelerator { PEs: 4 }\n"
#define REST_DATAFLOW "Dataflow { SpatialMap(1,1) K; }\n"
#define REST_NETWORK "Network { Layer L { Type: CONV Dimensions { K: 4 } } }\n"

/* Where a mistake stands: what is before it in its line, what after, and the rest of the text. */
typedef struct {
    const Mistake *mistake;
    size_t n;
    const char *before, *after, *rest;
} Table;

static const Table tables[] = {
    {constants, G_N_ELEMENTS(constants), "", "\n", REST_MACHINE REST_DATAFLOW REST_NETWORK},
    {hardware, G_N_ELEMENTS(hardware), "Accelerator { PEs: 4 ", " }\n", REST_DATAFLOW REST_NETWORK},
    {counts, G_N_ELEMENTS(counts), "Accelerator { ", " }\n", REST_DATAFLOW REST_NETWORK},
    {technologies, G_N_ELEMENTS(technologies), "Technology \"t\" { ", " }\n",
     REST_MACHINE REST_DATAFLOW REST_NETWORK},
    {operators, G_N_ELEMENTS(operators), "Operator OP { ", " }\n",
     REST_MACHINE REST_DATAFLOW REST_NETWORK},
    {layers, G_N_ELEMENTS(layers), "Network { Layer L { Type: CONV ", " } }\n",
     REST_MACHINE REST_DATAFLOW},
    {files, G_N_ELEMENTS(files), "", "\n", ""},
};

static dcc_context *context;

static void open_context(void)
{
    context = dcc_open();
}

static void close_context(void)
{
    dcc_close(context);
}

/* The first error of what was read, "1:7: error: ...", to the end of its line; to be freed. */
static char *first_error(void)
{
    g_auto(GStrv) lines = g_strsplit(dcc_messages(context), "\n", -1);
    for (char **line = lines; *line != NULL; line++) {
        if (g_str_has_prefix(*line, "<text>:") && strstr(*line, ": error: ") != NULL)
            return g_strdup(*line + strlen("<text>:"));
    }
    return g_strdup("");
}

/* Messages that end with a list of all names are compared up to it. */
static void expect_error(const char *text, int column, const char *message)
{
    g_autofree char *want = g_strdup_printf("1:%d: error: %s", column, message);
    ck_assert_msg(dcc_parse(context, text, NULL) == NULL, "no mistake in %s", text);
    g_autofree char *got = first_error();
    ck_assert_msg(g_str_has_prefix(got, want), "%s\n  says: %s\n  not:  %s", text, got, want);
}

START_TEST(a_mistake_is_said_at_its_place)
{
    const Table *table = &tables[_i];
    for (size_t k = 0; k < table->n; k++) {
        const Mistake *mistake = &table->mistake[k];
        g_autofree char *text =
            g_strconcat(table->before, mistake->text, table->after, table->rest, NULL);
        expect_error(text, mistake->column, mistake->message);
    }
}
END_TEST

/* ---- what there is room for ---- */

/* `n` times the pattern, whose %d is 0, 1, ... */
static char *repeat(const char *before, const char *pattern, int n, const char *after)
{
    g_autoptr(GString) out = g_string_new(before);
    for (int i = 0; i < n; i++) {
        g_autofree char *number = g_strdup_printf("%d", i + 1);
        g_auto(GStrv) parts = g_strsplit(pattern, "%d", -1);
        g_autofree char *one = g_strjoinv(number, parts);
        g_string_append(out, one);
    }
    g_string_append(out, after);
    return g_strdup(out->str);
}

static const struct {
    const char *before, *pattern, *after;
    int most;
    const char *message;
} limits[] = {
    {"Technology \"t\" { SRAM { ", "Point %d { Capacity: %d B, Read: 1 pJ } ", "Source: \"s\" } }",
     16, "more than 16 points [limit]"},
    {"Operator OP { ", "Window W%d[P][Q]; ", "Input A[W1]; Output O[P]; }", 10,
     "operator OP has more than 10 windows [limit]"},
    {"Operator OP { Input A[I]; Output O[I]; Default { I: 1", "+p%d", " } }", 10,
     "operator OP has more than 10 parameters [limit]"},
    {"Operator OP { Output O[I]; ", "Input A%d[I]; ", "}", 5,
     "operator OP has more than 6 tensors [limit]"},
    {"Operator OP { Output O[A]; Input B", "[D%d]", "; }", 8,
     "tensor B has more than 8 coordinates [limit]"},
    {"Operator OP { Output O[D1]; ", "Input B%d[A%d+B%d]; ", "Input C[D1]; }", 4,
     "operator OP has more than 10 dims [limit]"},
};

START_TEST(one_more_than_there_is_room_for)
{
    const char *rest = "\n" REST_MACHINE REST_DATAFLOW REST_NETWORK;
    g_autofree char *just = repeat(limits[_i].before, limits[_i].pattern, limits[_i].most, ""),
                    *more = repeat(limits[_i].before, limits[_i].pattern, limits[_i].most + 1, ""),
                    *fits = g_strconcat(just, limits[_i].after, rest, NULL),
                    *beyond = g_strconcat(more, limits[_i].after, rest, NULL);
    dcc_plan *plan = dcc_parse(context, fits, NULL);
    ck_assert_msg(plan != NULL, "%s", dcc_messages(context));
    dcc_plan_free(plan);
    ck_assert_ptr_null(dcc_parse(context, beyond, NULL));
    g_autofree char *error = first_error();
    ck_assert_msg(strstr(error, limits[_i].message) != NULL, "%s", error);
}
END_TEST

/* ---- what expressions come to ---- */

static const struct {
    const char *expression;
    int64_t value;
} integers[] = {
    {"7/2", 3},           {"7%4", 3},          {"ceil(7,2)", 4},      {"ceil(8,2)", 4},
    {"ceil(1-8,2)+7", 4}, {"min(3,5)", 3},     {"max(3,5)", 5},       {"2+3*4-1", 13},
    {"(2+3)*4", 20},      {"-(2-9)", 7},       {"Sz(C)/4", 16},       {"Twice*2", 12},
    {"max(Small,9)", 9},  {"Sz(C)-Sz(K)", 48}, {"ceil(8-1,-2)+9", 6},
};

/* The size of a map in a layer with 64 channels and 16 filters. */
START_TEST(integers_are_exact)
{
    g_autofree char *text = g_strdup_printf(
        "Constant Small 3; Constant Twice 2*Small;\n"
        "Dataflow { SpatialMap(1,1) K; TemporalMap(%s,%s) C; Cluster(Twice+Small); }\n" REST_MACHINE
        "Network { Layer L { Type: CONV Dimensions { K: 16, C: 64 } } }\n",
        integers[_i].expression, integers[_i].expression);
    const char *const words[] = {"--set", "pes=16", NULL};
    dcc_plan *plan = dcc_parse(context, text, words);
    ck_assert_msg(plan != NULL, "%s%s", text, dcc_messages(context));
    dcc_job *job = dcc_job_new(plan, 0);
    dcc_map map;
    ck_assert_int_eq(dcc_get_map(job, 0, 1, &map), DCC_OK);
    ck_assert_int_eq(map.dim, dcc_dim(job, "C"));
    ck_assert_int_eq(map.size, integers[_i].value);
    dcc_job_free(job);
    dcc_plan_free(plan);
}
END_TEST

static const struct {
    const char *expression;
    const char *same;
} fractions[] = {
    {"1/2+1/3", "5/6"}, {"3/2-1", "1/2"},       {"2.5e1/5", "5"}, {"0.125*3", "3/8"},
    {"-(-7/2)", "7/2"}, {"(1/4)*(2/3)", "1/6"}, {"25e-1", "5/2"}, {"min(3,4)", "3"},
    {"9%4", "1"},       {"1E2/3", "100/3"},
};

static dcc_job *job_of_bandwidth(const char *bandwidth)
{
    g_autofree char *text =
        g_strdup_printf("Accelerator { PEs: 4 NoC 0 { Bandwidth: %s } }\n" REST_DATAFLOW
                        "Network { Layer L { Type: CONV Dimensions { K: 16, C: 64, Y: 40 } } }\n",
                        bandwidth);
    dcc_plan *plan = dcc_parse(context, text, NULL);
    ck_assert_msg(plan != NULL, "%s%s", text, dcc_messages(context));
    dcc_job *job = dcc_job_new(plan, 0);
    dcc_plan_free(plan);
    return job;
}

/* Time with a bandwidth of so many elements a cycle. */
static int64_t cycles_with(const char *bandwidth)
{
    dcc_job *job = job_of_bandwidth(bandwidth);
    dcc_result *result = dcc_result_new();
    ck_assert_int_eq(dcc_evaluate(context, job, result), DCC_OK);
    int64_t cycles = dcc_count(result, dcc_metric_find(job, "cycles"));
    dcc_result_free(result);
    dcc_job_free(job);
    return cycles;
}

START_TEST(fractions_are_exact)
{
    int64_t cycles = cycles_with(fractions[_i].expression);
    ck_assert_int_gt(cycles, 0);
    ck_assert_int_eq(cycles, cycles_with(fractions[_i].same));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("mistakes");
    TCase *tests = tcase_create("mistakes");
    tcase_add_checked_fixture(tests, open_context, close_context);
    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, a_mistake_is_said_at_its_place, 0, G_N_ELEMENTS(tables));
    tcase_add_loop_test(tests, one_more_than_there_is_room_for, 0, G_N_ELEMENTS(limits));
    tcase_add_loop_test(tests, integers_are_exact, 0, G_N_ELEMENTS(integers));
    tcase_add_loop_test(tests, fractions_are_exact, 0, G_N_ELEMENTS(fractions));
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
