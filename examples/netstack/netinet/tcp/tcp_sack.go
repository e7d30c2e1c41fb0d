//go:build !vimage

package tcp

import "slices"

// The receiver's part, RFC 2018.

// reportSack puts the run that has the segment at i of the queue before all others
// that are reported.
func (tp *Tcpcb) reportSack(i int) {
	if tp.flags&tfSack == 0 {
		return
	}
	lo, hi := i, i
	for lo > 0 && tp.reass[lo-1].end() == tp.reass[lo].seq {
		lo--
	}
	for hi+1 < len(tp.reass) && tp.reass[hi].end() == tp.reass[hi+1].seq {
		hi++
	}
	run := sackBlock{tp.reass[lo].seq, tp.reass[hi].end()}
	if run.start == run.end { // a FIN alone
		return
	}
	blocks := [maxSack + 1]sackBlock{run}
	n := 1
	for _, b := range tp.rcvSack[:tp.nrcvSack] {
		if b.end.lt(run.start) || b.start.gt(run.end) {
			blocks[n] = b
			n++
		}
	}
	tp.nrcvSack = copy(tp.rcvSack[:], blocks[:n])
}

// pruneReported forgets runs that were delivered.
func (tp *Tcpcb) pruneReported() {
	n := 0
	for _, b := range tp.rcvSack[:tp.nrcvSack] {
		if b.start.gt(tp.rcvNxt) {
			tp.rcvSack[n] = b
			n++
		}
	}
	tp.nrcvSack = n
}

// The sender's part, RFC 6675. The scoreboard has the runs above sndUna that the
// peer reported, in order. It is bounded, as is what a peer can make of it.
const maxScoreboard = 256

// dupThresh is the number of duplicates, or of runs, that show a loss.
const dupThresh = 3

// sackUpdate takes a segment's blocks, and returns the bytes that are new in them.
func (tp *Tcpcb) sackUpdate(s *segment) int {
	if tp.flags&tfSack == 0 || s.opts.nsack == 0 && len(tp.scoreboard) == 0 {
		return 0
	}
	una := maxSeq(s.ack, tp.sndUna)
	board := tp.scoreboard
	n := 0
	for n < len(board) && board[n].end.leq(una) {
		n++
	}
	board = slices.Delete(board, 0, n)
	if len(board) > 0 {
		board[0].start = maxSeq(board[0].start, una)
	}
	before := sum(board)
	for _, b := range s.opts.sack[:s.opts.nsack] {
		b.start = maxSeq(b.start, una)
		if b.start.lt(b.end) && b.end.leq(tp.sndMax) {
			board = addBlock(board, b)
		}
	}
	tp.scoreboard = board
	tp.sackedBytes = sum(board)
	return tp.sackedBytes - before
}

func sum(board []sackBlock) (n int) {
	for _, b := range board {
		n += b.end.minus(b.start)
	}
	return n
}

// addBlock adds a run, and joins those that it touches.
func addBlock(board []sackBlock, b sackBlock) []sackBlock {
	lo := 0
	for lo < len(board) && board[lo].end.lt(b.start) {
		lo++
	}
	hi := lo
	for ; hi < len(board) && board[hi].start.leq(b.end); hi++ {
		b.start, b.end = minSeq(b.start, board[hi].start), maxSeq(b.end, board[hi].end)
	}
	if hi == lo && len(board) >= maxScoreboard {
		return board
	}
	return slices.Replace(board, lo, hi, b)
}

// skipSacked moves sndNxt over what the peer has, when a timeout took it back.
func (tp *Tcpcb) skipSacked() {
	if !tp.sndNxt.lt(tp.sndMax) {
		return
	}
	for _, b := range tp.scoreboard {
		if tp.sndNxt.in(b.start, b.end) {
			tp.sndNxt = b.end
		}
	}
}

// sackedFrom returns the bytes from s to the next run that the peer has, or -1.
func (tp *Tcpcb) sackedFrom(s seq) int {
	if s.lt(tp.sndMax) {
		for _, b := range tp.scoreboard {
			if b.start.gt(s) {
				return b.start.minus(s)
			}
		}
	}
	return -1
}

// A hole is a run that the peer does not report.
type hole struct {
	start, end seq
	lost       bool
}

// holes calls f for every hole, until it returns false.
func (tp *Tcpcb) holes(f func(h hole) bool) {
	at, above, limit := tp.sndUna, tp.sackedBytes, (dupThresh-1)*tp.mss()
	for i, b := range tp.scoreboard {
		if at.lt(b.start) && !f(hole{at, b.start, len(tp.scoreboard)-i >= dupThresh || above > limit}) {
			return
		}
		above -= b.end.minus(b.start)
		at = b.end
	}
	if at.lt(tp.sndMax) {
		f(hole{at, tp.sndMax, false})
	}
}

// firstLost reports whether the oldest byte that is not acknowledged counts as lost.
func (tp *Tcpcb) firstLost() (lost bool) {
	if len(tp.scoreboard) > 0 {
		tp.holes(func(h hole) bool { lost = h.lost && h.start == tp.sndUna; return false })
	}
	return lost
}

// pipe returns the bytes that are thought to be on their way.
func (tp *Tcpcb) pipe() (n int) {
	tp.holes(func(h hole) bool {
		if !h.lost {
			n += h.end.minus(h.start)
		}
		if again := minSeq(h.end, tp.highRxt).minus(h.start); again > 0 {
			n += again
		}
		return true
	})
	return n
}

// nextRexmit returns what to send again: a lost hole above highRxt, or, if any is
// true, one that may be lost. Holes above all that is reported do not count.
func (tp *Tcpcb) nextRexmit(any bool) (s seq, n int) {
	if len(tp.scoreboard) == 0 {
		return 0, 0
	}
	top := tp.scoreboard[len(tp.scoreboard)-1].end
	tp.holes(func(h hole) bool {
		if h.start.geq(top) {
			return false
		}
		if h.end.gt(tp.highRxt) && (h.lost || any) {
			s = maxSeq(h.start, tp.highRxt)
			n = min(tp.mss(), h.end.minus(s))
			return false
		}
		return true
	})
	return s, n
}

// sackOutput sends in recovery: first what is lost, then new data, then what may be
// lost, while the pipe has room.
func (tp *Tcpcb) sackOutput() {
	mss := tp.mss()
	tp.highRxt = maxSeq(tp.highRxt, tp.sndUna)
	for pipe := tp.pipe(); tp.cc.Cwnd-pipe >= mss; {
		s, n := tp.nextRexmit(false)
		if n == 0 {
			if sent := tp.sendNew(mss); sent > 0 {
				pipe += sent
				continue
			}
			if s, n = tp.nextRexmit(true); n == 0 {
				tp.rescue()
				return
			}
		}
		if tp.resend(s, n) != nil {
			return
		}
		tcpstat.SackRexmit++
		tp.highRxt = maxSeq(tp.highRxt, s.add(n))
		pipe += n
	}
}

// rescue sends the last segment again, once in a recovery, if the peer reports
// nothing of it. RFC 6675 would have it sent before a partial acknowledgement too; but
// until then no round trip has passed, so that its report may be on its way.
func (tp *Tcpcb) rescue() {
	if tp.rescued || !tp.partial || len(tp.scoreboard) > 0 && tp.scoreboard[len(tp.scoreboard)-1].end == tp.sndMax || !tp.highRxt.lt(tp.recover) {
		return
	}
	n := min(tp.mss(), tp.recover.minus(tp.sndUna))
	if n > 0 && tp.resend(tp.recover.add(-n), n) == nil {
		tp.rescued = true
		tp.highRxt = tp.recover
	}
}
