// For --replay: the layers of stream24.m each convolution on four cores, a quarter of its filters on each.

Allocate { POOL1: pool; *: c0, c1, c2, c3 }
Split { POOL1: Y' all; *: K 4 }
