// run: @ --model ok-net.m --hw ok.hw
Dataflow {
  TemporalMap(1,1) K;
  Cluster(4);
  TemporalMap(1,1) C;
}
