// run: @ --hw ok.hw
Constant Layer 8Order;
Constant Other Layer 3;
