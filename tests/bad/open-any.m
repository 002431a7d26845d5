// run: @ --model ok-net.m --hw ok-hierarchy.hw
Dataflow {
  Buffer(GLB) Input;
  Any over K, C;
}
