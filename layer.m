Network 0 {
Layer CONV {
Type: CONV
Dimensions { K: 32, C: 16, Y: 18, X: 18, R: 3, S: 3 }
Dataflow {
SpatialMap(4,4) K;
TemporalMap(3,3) C;
TemporalMap(3,3) R;
TemporalMap(3,3) S;
TemporalMap(7,7) Y';
TemporalMap(1,1) X';
Cluster(8,P);
SpatialMap(1,1) C;
TemporalMap(1,1) K;
TemporalMap(1,1) R;
TemporalMap(1,1) S;
TemporalMap(1,1) Y';
TemporalMap(1,1) X';
}
}
}