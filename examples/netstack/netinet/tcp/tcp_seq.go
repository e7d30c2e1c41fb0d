package tcp

// A seq is a sequence number, which wraps.
type seq uint32

func (a seq) lt(b seq) bool      { return int32(a-b) < 0 }
func (a seq) leq(b seq) bool     { return int32(a-b) <= 0 }
func (a seq) gt(b seq) bool      { return int32(a-b) > 0 }
func (a seq) geq(b seq) bool     { return int32(a-b) >= 0 }
func (a seq) add(n int) seq      { return a + seq(n) }
func (a seq) minus(b seq) int    { return int(int32(a - b)) }
func maxSeq(a, b seq) seq        { return a.add(max(0, b.minus(a))) }
func minSeq(a, b seq) seq        { return a.add(min(0, b.minus(a))) }
func tsLess(a, b uint32) bool    { return int32(a-b) < 0 } // timestamps wrap too
func (a seq) in(lo, hi seq) bool { return lo.leq(a) && a.lt(hi) }
