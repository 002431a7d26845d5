// For --replay: the layers of stream24.m one after the other; the pooling core has no room for a layer, which it takes by rows.

Allocate { CONV1: c0; POOL1: pool; CONV2: c1; CONV3: c2 }
Split { POOL1: Y' all; *: none }
