#!/bin/bash
# Published figures: the tables of `make paper`, and whether each row is what was recorded.
SRCDIR=${SRCDIR:-$(cd "$(dirname "$0")/.." && pwd)}
exec sh "$SRCDIR/tests/paper/replay" --tap
