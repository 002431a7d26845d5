// The mapping of lab 1 of ZigZag's tutorial (3.8.0): ResNet-18's first layer on zz-accelerator1.hw.

Dataflow "lab1" for CONV {
  Buffer(SRAM_W) Weight;
  TemporalMap(32, 32) K;
  TemporalMap(1, 1) R;
  TemporalMap(1, 1) S;
  Buffer(SRAM_IO) Input;
  TemporalMap(1, 1) Y';
  Buffer(SRAM_IO) Output;
  TemporalMap(1, 1) X';
  Buffer(RF_I) Input;
  SpatialMap(1, 1) K;
  Fanout(D2, 32);
  Buffer(RF_O) Output;
  SpatialMap(1, 1) C;
  Fanout(D1, 3);
  Buffer(RF_W) Weight;
}
