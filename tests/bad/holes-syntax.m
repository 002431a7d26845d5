// run: @ --model ok-net.m --hw ok.hw
Dataflow {
  TemporalMap(? < 8) K;
  TemporalMap(? <= 4 % 2 == 0) K;
  TemporalMap(2*?, 1) K;
  TemporalMap(? in {8, 16; 
  TemporalMap(? >= 2 in {8}) K;
  ? K;
  Any over;
}
Constant A ?;
