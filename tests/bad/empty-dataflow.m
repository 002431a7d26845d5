// run: @ --model ok-net.m --hw ok.hw
Dataflow "f" {
}
