// Row-stationary, as the Eyeriss chip runs a convolution: the loops of its processing passes, with
// the names that its publication (Chen et al., JSSC 2017, Table III) gives to the tile sizes.
//
// A pass is what the array works on with the weights it holds: p*t filters, q*r channels, e rows
// of outputs, n images.  Passes are the steps of levels 0 and 1; they divide nothing in space, and
// what they hold is the global buffer's.  Level 2 is the array: its t sets of PEs have p filters
// each, and its interconnect is that from the global buffer.  A set's r parts have q channels, of
// these the e columns have a row of outputs, and of these the R PEs a row of the filter, so that
// R*e*r*t PEs work.  In a PE, p filters of q channels meet a window of a row, and move along X'.

Constant m 64; // filters whose partial sums the global buffer holds
Constant n 4;  // images in a pass
Constant e 13; // rows of outputs in the array
Constant p 16; // filters in a PE
Constant q 4;  // channels in a PE
Constant r 1;  // channel groups side by side
Constant t 4;  // filter groups side by side

Dataflow "row-stationary" {
  TemporalMap(m,m) K;
  TemporalMap(n,n) N;
  TemporalMap(e,e) Y';
  TemporalMap(q*r,q*r) C;
  Cluster(1);
  TemporalMap(p*t,p*t) K;
  Cluster(t);
  SpatialMap(p,p) K;
  TemporalMap(1,1) N;
  TemporalMap(1,1) X';
  Cluster(r);
  SpatialMap(q,q) C;
  Cluster(e);
  SpatialMap(1,1) Y';
  Cluster(Sz(R));
  SpatialMap(1,1) R;
}

// Two groups, one after the other.
Dataflow "row-stationary" for NGCONV {
  TemporalMap(1,1) G;
  TemporalMap(m,m) K;
  TemporalMap(n,n) N;
  TemporalMap(e,e) Y';
  TemporalMap(q*r,q*r) C;
  Cluster(1);
  TemporalMap(p*t,p*t) K;
  Cluster(t);
  SpatialMap(p,p) K;
  TemporalMap(1,1) N;
  TemporalMap(1,1) X';
  Cluster(r);
  SpatialMap(q,q) C;
  Cluster(e);
  SpatialMap(1,1) Y';
  Cluster(Sz(R));
  SpatialMap(1,1) R;
}
