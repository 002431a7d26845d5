// RS: row stationary as the Eyeriss chip runs it; tile sizes follow from the layer, the PEs'
// stores and the global buffer (Chen et al., JSSC 52(1), 2017).
//
// A PE keeps a row of p filters in q channels while a row of inputs slides past it.  R rows of PEs,
// one for each row of the filter, add to the e rows of outputs that e columns have: a set.  The
// array of 12 x 14 has several sets side by side, r of them for channels and t for filters.  A
// pass is p*t filters, q*r channels, e rows of outputs and all images; the partial sums of a pass
// wait in the global buffer until the next channels come.
//
// The rule takes published figures alone:
// - a PE has 12 words for inputs, 224 for weights, 24 for partial sums:
//   q*S <= 12, p*q*S <= 224, p <= 24;
// - the global buffer has 25 banks of 2048 words, each for inputs or for partial sums.  Inputs get 3,
//   as in the mapping of AlexNet's CONV4 and CONV5 (Table III), or what one channel takes; q*r is
//   the channels that fit there, and p*t the filters whose partial sums fit into the rest;
// - e is 14 or all rows, or as many as leave room for the partial sums of 16 filters, the p of all
//   of Table III; filters are dealt out evenly over the passes.
// AlexNet, 4 images, comes to the q and r of Table III in CONV1, 2, 4 and 5; CONV3 to those of CONV4.
//
// VGG-16, 3 images on eyeriss.hw, takes 3.6 s where the chip's processing took 3,755 ms (Table VI), and
// no layer is further off than 6 %.  The 3 banks matter: with 2 it takes 5.0 s, with 4 2.7 s, and for
// one image, whose partial sums leave room for more channels, 0.82 s, three of which are 2.5 s.
// All images are in a pass, so give it few: Table III has 4.  Zeros save the chip energy and no time,
// and its run-length coding is of off-chip traffic: neither is in here.

Constant Across = 14;           // columns of the array
Constant Down = 12;             // rows of the array
Constant Bank = 2048;           // words of 16 bit, 4 kB
Constant Banks = 25;

// Inputs between two rows of outputs, and the rows of outputs in a pass.
Constant step = max(1, (Sz(Y) - Win(R)) / max(1, Sz(Y') - 1));
Constant room = (Banks * Bank - Sz(N) * (Win(R) - 1) * Sz(X)) / (Sz(N) * (step * Sz(X) + 16 * Sz(X')));
Constant e = max(1, min(min(Sz(Y'), Across), room));

// Sets of PEs beside and above one another.
Constant beside = Across / e;
Constant above = max(1, Down / Sz(R));

// Words of a channel's inputs in a pass; channels of a pass, in r groups of q.
Constant strip = Sz(N) * ((e - 1) * step + Win(R)) * Sz(X);
Constant deep = min(Sz(C), max(1, 3 * Bank / strip));
Constant r = min(beside * above, ceil(deep, max(1, 12 / Sz(S))));
Constant q = max(1, min(12 / Sz(S), deep / r));

// Filters: t groups of p.
Constant t = beside * above / r;
Constant sums = (Banks - max(3, ceil(strip, Bank))) * Bank / (Sz(N) * e * Sz(X'));
Constant most = max(1, min(min(24, 224 / (q * Sz(S))), sums / t));
Constant p = ceil(Sz(K), t * ceil(Sz(K), t * most));

Dataflow "RS" for CONV {
  SpatialMap(p,p) K;            // t units
  TemporalMap(e,e) Y';
  TemporalMap(q*r,q*r) C;
  TemporalMap(1,1) N;           // weights stay for all images
  TemporalMap(1,1) X';
  Cluster(r);
  SpatialMap(q,q) C;
  Cluster(Across / beside);
  SpatialMap(1,1) Y';
  Cluster(max(Sz(R), Down / above));
  SpatialMap(1,1) R;
}

// Groups one after the other.
Dataflow "RS" for NGCONV {
  TemporalMap(1,1) G;
  SpatialMap(p,p) K;
  TemporalMap(e,e) Y';
  TemporalMap(q*r,q*r) C;
  TemporalMap(1,1) N;
  TemporalMap(1,1) X';
  Cluster(r);
  SpatialMap(q,q) C;
  Cluster(Across / beside);
  SpatialMap(1,1) Y';
  Cluster(max(Sz(R), Down / above));
  SpatialMap(1,1) R;
}
