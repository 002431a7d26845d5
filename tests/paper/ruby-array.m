// AlexNet's second convolution as Ruby has it on Eyeriss: a row of the filter over five rows of PEs,
// channels or filters over what that leaves of the 12; filters, outputs or both over the columns.

Dataflow "array" for CONV {
  SpatialMap(?,?) K;
  Fanout(Columns, ?);
  SpatialMap(?,?) ? in {Y', X'};
  Fanout(Columns, ?);
  SpatialMap(?,?) ? in {K, C};
  Fanout(Rows, ?);
  SpatialMap(1,1) S;
  Fanout(Rows, 5);
}
