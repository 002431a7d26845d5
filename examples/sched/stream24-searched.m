// For --replay: each convolution of stream24.m on the core, and in the parts, that are found for it.

Allocate { POOL1: pool; *: c0, c1, c2, c3 }
Split { POOL1: Y' all; *: none or K 4 or Y' all }
