// run: @ --model ok-net.m --hw ok.hw
Dataflow { ?(1,1) K; }
