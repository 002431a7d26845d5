// run: ok-flow.m @ --hw ok.hw
// Wide characters and accents before a mistake, and within one.
Network "n" {
  /* 畳み込み */ Layer "層1" { Type: CONVX }
	Layer "café 가" { Type: "層é" }
}
