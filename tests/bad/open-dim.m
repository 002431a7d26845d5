// run: @ --model ok-net.m --hw ok.hw
Dataflow { TemporalMap(1,1) ? in {K}; }
