package kern_test

import (
	"bytes"
	"cmp"
	"errors"
	"math/rand/v2"
	"os"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/go-vimage/vimage/examples/netstack/internal/stacktest"
	"github.com/go-vimage/vimage/examples/netstack/kern"
	"github.com/go-vimage/vimage/runtime/vimage"
)

// Callouts run in the order of their times, as those of a list that is sorted do,
// whatever is reset and stopped meanwhile.
func TestCallouts(t *testing.T) {
	stacktest.Run(t, func() {
		type event struct {
			at time.Duration
			n  int
		}
		var got, want []event
		cs := make([]kern.Callout, 50)
		due := map[int]time.Duration{}
		start := kern.Now()
		for range 3000 {
			i := rand.IntN(len(cs))
			d := time.Duration(rand.IntN(1000)) * time.Millisecond
			kern.Lock()
			if rand.IntN(4) == 0 {
				_, was := due[i]
				if cs[i].Stop() != was || cs[i].Pending() {
					t.Fatal("Stop")
				}
				delete(due, i)
			} else {
				cs[i].Reset(d, func() { got = append(got, event{kern.Now() - start, i}) })
				due[i] = kern.Now() - start + d
			}
			kern.Unlock()
			if rand.IntN(3) > 0 {
				continue
			}
			step := time.Duration(rand.IntN(100)) * time.Millisecond
			end := kern.Now() - start + step
			var ready []event
			for n, at := range due {
				if at <= end {
					ready = append(ready, event{at, n})
					delete(due, n)
				}
			}
			slices.SortFunc(ready, func(a, b event) int { return cmp.Compare(a.at, b.at) })
			want = append(want, ready...)
			kern.Advance(step)
			if kern.Now()-start != end {
				t.Fatal("Advance stops at another time")
			}
		}
		if len(got) != len(want) {
			t.Fatalf("%d run, want %d", len(got), len(want))
		}
		for i := range got { // those of one time may run in any order
			if got[i].at != want[i].at {
				t.Fatalf("%d: %v, want %v", i, got[i], want[i])
			}
		}
		kern.Lock()
		defer kern.Unlock()
		for i := range cs {
			cs[i].Stop()
		}
	})
}

// The real clock runs callouts too, and an earlier one that comes later.
func TestSoftclock(t *testing.T) {
	run := func() {
		var a, b kern.Callout
		ran := make(chan int, 2)
		kern.Lock()
		a.Reset(time.Hour, func() { ran <- 1 })
		b.Reset(time.Millisecond, func() { ran <- 2 })
		kern.Unlock()
		if n := <-ran; n != 2 {
			t.Error(n)
		}
		kern.Lock()
		defer kern.Unlock()
		a.Stop()
	}
	if vimage.Available() != nil {
		t.Skip("in the plain build the one stack has a virtual clock by now")
	}
	stacktest.New(t, "a").Do(run)
}

func TestSleep(t *testing.T) {
	stacktest.Run(t, func() {
		var q kern.Waitq
		kern.Lock()
		deadline := kern.Now() + time.Second
		kern.Unlock()
		errs := make(chan error)
		for range 2 {
			go func() {
				kern.Lock()
				defer kern.Unlock()
				errs <- q.Sleep(deadline)
			}()
		}
		for {
			if _, pending := kern.NextCallout(); pending { // one of them sleeps
				break
			}
		}
		kern.Advance(2 * time.Second)
		for range 2 { // the other one may come too late to sleep
			if err := <-errs; !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Error(err)
			}
		}
		kern.Lock()
		go func() {
			kern.Lock()
			defer kern.Unlock()
			q.Wakeup()
		}()
		if err := q.Sleep(0); err != nil {
			t.Error(err)
		}
		kern.Unlock()
	})
}

// A stack's end wakes who sleeps in it.
func TestHalt(t *testing.T) {
	if err := vimage.Available(); err != nil {
		t.Skip(err)
	}
	im := stacktest.New(t, "a")
	slept := make(chan error, 1)
	var q kern.Waitq
	locked := make(chan bool)
	im.Go(func() {
		kern.Lock()
		defer kern.Unlock()
		close(locked)
		var c kern.Callout
		c.Reset(time.Hour, func() {})
		err := q.Sleep(0)
		slept <- err
	})
	<-locked
	stacktest.Close(t, im)
	if err := <-slept; err != syscall.ENETDOWN {
		t.Error(err)
	}
}

func TestSockbuf(t *testing.T) {
	b := kern.Sockbuf{Hiwat: 5000}
	var want []byte
	for range 20000 {
		p := make([]byte, rand.IntN(3000))
		for i := range p {
			p[i] = byte(rand.Uint32())
		}
		switch rand.IntN(3) {
		case 0:
			n := b.Append(p)
			if n != min(len(p), 5000-len(want)) {
				t.Fatal(n)
			}
			want = append(want, p[:n]...)
		case 1:
			off := rand.IntN(5000)
			n := b.Peek(off, p)
			if n != max(0, min(len(p), len(want)-off)) || n > 0 && !bytes.Equal(p[:n], want[off:off+n]) {
				t.Fatal("Peek")
			}
		case 2:
			n := b.Read(p)
			if n != min(len(p), len(want)) || !bytes.Equal(p[:n], want[:n]) {
				t.Fatal("Read")
			}
			want = want[n:]
		}
		if b.Len() != len(want) || b.Space() != 5000-len(want) {
			t.Fatal(b.Len(), b.Space(), len(want))
		}
	}
}

func TestMbuf(t *testing.T) {
	for _, n := range []int{0, 1, 300, 512, 1500, 2048, 65535} {
		want := make([]byte, n)
		for i := range want {
			want[i] = byte(i)
		}
		m := kern.GetBytes(want)
		headers := 20 // beyond the headroom
		if n == 65535 {
			headers = kern.MaxLinkHdr / 20
		}
		for i := range headers {
			h := m.Prepend(20)
			for j := range 20 {
				h[j] = byte(i)
			}
			want = append(bytes.Repeat([]byte{byte(i)}, 20), want...)
		}
		d := m.Dup()
		for _, m := range []*kern.Mbuf{m, d} {
			if !bytes.Equal(m.Data(), want) {
				t.Fatal("Prepend")
			}
			m.Adj(30)
			m.Trim(m.Len() - 1)
			if !bytes.Equal(m.Data(), want[30:len(want)-1]) {
				t.Fatal("Adj, Trim")
			}
		}
		m.Free()
		func() {
			defer func() {
				if recover() == nil {
					t.Error("freed twice")
				}
			}()
			m.Free()
		}()
	}
}
