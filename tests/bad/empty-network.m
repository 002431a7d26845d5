// run: ok-flow.m --model @ --hw ok.hw
Network "n" {
}
