// run: @ --model ok-net.m --hw ok.hw
// nothing but this

