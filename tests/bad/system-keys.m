// run: @ --hw ok.hw
System {
  Core x { Foo: 3 }
  Link { Bandwidth: 3 bit/cycle }
  Mesh { }
  Lnk a { }
  OffChip { Holds: Weight }
}
Allocate { a b: c; d: e f g; h: ; i { } }
Split: K
Split { : 3; *: Y' 4; j }
