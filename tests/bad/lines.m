// run: @ --model ok-net.m --hw ok-hierarchy.hw
Dataflow {
  Buffer();
  Buffer(GLB, Mid);
  Buffer(2);
  Fanout(Column) Input;
  Fanout(Column, 1, 2);
  Level(2);
  SpatialMap(1,1) K, C;
  Cluster(4) K, C;
}
