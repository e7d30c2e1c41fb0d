package packetdrill

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// forever bounds the wait for a packet that may come at any time.
const forever = time.Hour

// expect waits for a segment of the stack's, and compares it.
func (r *runner) expect(e *Event, p *Packet) error {
	last := e.End + r.tolerance(e)
	first := e.At - r.tolerance(e)
	if e.Kind == Any {
		first, last = 0, r.now+forever
	}
	s, err := r.next(last)
	if err != nil {
		return err
	}
	for s != nil && s.n < p.Len && r.mode == Lenient && !strings.ContainsAny(s.flags, "SFR") {
		more, err := r.next(last)
		if err != nil {
			return err
		}
		if more == nil || more.seq != s.seq+uint32(s.n) || s.n+more.n > p.Len || more.n == 0 {
			if more != nil {
				r.wire.sent = slices.Insert(r.wire.sent, 0, more)
			}
			break
		}
		more.seq, more.n = s.seq, s.n+more.n
		s = more
	}
	if s == nil {
		return fmt.Errorf("nothing was sent by %v", last)
	}
	if s.at < first || s.at > last {
		return fmt.Errorf("sent %v: want it at %v to %v", s, first, last)
	}
	return r.compare(s, p)
}

// next returns the next segment that the stack sent, or sends until a time, or nil.
func (r *runner) next(last time.Duration) (*segment, error) {
	for {
		if err := r.progress(); err != nil {
			return nil, err
		}
		if w := &r.wire; len(w.sent) > 0 {
			s := w.sent[0]
			w.sent = w.sent[1:]
			return s, nil
		}
		if r.now >= last {
			return nil, nil
		}
		if _, err := r.step(last); err != nil {
			return nil, err
		}
	}
}

func (r *runner) compare(s *segment, p *Packet) error {
	flags, want := s.flags, sortFlags(p.Flags)
	if r.mode == Lenient {
		flags, want = strings.ReplaceAll(flags, "P", ""), strings.ReplaceAll(want, "P", "")
	}
	switch {
	case flags != want, s.seq != p.Seq, s.n != p.Len, p.HasAck && s.ack != p.Ack, p.Win >= 0 && s.win != p.Win:
		return fmt.Errorf("sent %v: want %s %d:%d(%d) ack %d", s, p.Flags, p.Seq, p.Seq+uint32(p.Len), p.Len, p.Ack)
	case p.AnyOptions:
		return nil
	}
	got, options := s.options, p.Options
	if r.mode == Lenient {
		got, options = sortOptions(got), sortOptions(options)
	}
	if !slices.EqualFunc(got, options, r.sameOption) {
		return fmt.Errorf("sent %v: want options %v", s, options)
	}
	return nil
}

func sortFlags(f string) (sorted string) {
	for _, c := range "SFRP." {
		if strings.ContainsRune(f, c) {
			sorted += string(c)
		}
	}
	return sorted
}

// sameOption compares options. The stack's first timestamp says what the script's
// begin with.
func (r *runner) sameOption(got, want Option) bool {
	if got.Name != "TS" || want.Name != "TS" {
		return got.Name == want.Name && slices.Equal(got.Values, want.Values)
	}
	w := &r.wire
	if len(w.live) == 0 {
		w.offset = got.Values[0] - want.Values[0]
	}
	w.live[want.Values[0]] = got.Values[0]
	off := time.Duration(int32(got.Values[0]-w.offset-want.Values[0])) * r.script.TSTick
	return off.Abs() <= r.script.Tolerance && got.Values[1] == want.Values[1]
}
