// For --replay: the layers of stream24.m by rows, which go on as soon as they are there.

Allocate { CONV1: c0; POOL1: pool; CONV2: c1; CONV3: c2 }
Split { *: Y' all }
