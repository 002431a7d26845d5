// run: @ --model ok-net.m --hw ok.hw
Constant Any 3;
Dataflow {
  TemporalMap(?, 4) K;
  TemporalMap(4, ?) C;
  TemporalMap(? <= 8, ? <= 8) R;
  TemporalMap(? <= 8 and <= 4) S;
  TemporalMap(? % 4 == 1) S;
  TemporalMap(1,1) ? <= 3;
  TemporalMap(1,1) ? in {K, 3};
  TemporalMap(?) ? in {Any};
  ?(8) K;
  Cluster(? >= 2 and >= 3);
  Cluster(4, ?);
  Any(8) over K;
  Any over ?;
  Any K, C;
  Any(?, ?);
  Level(?);
  Cluster(?) ?;
}
