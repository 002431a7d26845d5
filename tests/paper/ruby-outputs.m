// The same as ruby-array.m with outputs alone over the columns, which is the chip's own way.

Dataflow "array, outputs" for CONV {
  SpatialMap(?,?) ? in {Y', X'};
  Fanout(Columns, ?);
  SpatialMap(?,?) ? in {K, C};
  Fanout(Rows, ?);
  SpatialMap(1,1) S;
  Fanout(Rows, 5);
}
