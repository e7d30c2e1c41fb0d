package tap_test

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	gonet "net"
	"os/exec"
	"testing"

	"github.com/go-vimage/vimage/examples/netstack/kern"
	"github.com/go-vimage/vimage/examples/netstack/socket"
)

// States of an iperf3 test, as its control connection says them.
const (
	iperfTestStart       = 1
	iperfTestRunning     = 2
	iperfTestEnd         = 4
	iperfParamExchange   = 9
	iperfCreateStreams   = 10
	iperfExchangeResults = 13
	iperfDisplayResults  = 14
	iperfDone            = 16
	iperfCookie          = 37
)

// serveIperf is an iperf3 server of one test with one TCP stream, over the stack.
func serveIperf(l gonet.Listener) error {
	control, err := l.Accept()
	if err != nil {
		return err
	}
	defer control.Close()
	if _, err := io.ReadFull(control, make([]byte, iperfCookie)); err != nil {
		return err
	}
	state := func(s byte) error { _, err := control.Write([]byte{s}); return err }
	var params struct{ Reverse bool }
	if err := state(iperfParamExchange); err != nil {
		return err
	}
	if err := readJSON(control, &params); err != nil {
		return err
	}
	if err := state(iperfCreateStreams); err != nil {
		return err
	}
	stream, err := l.Accept()
	if err != nil {
		return err
	}
	defer stream.Close()
	if _, err := io.ReadFull(stream, make([]byte, iperfCookie)); err != nil {
		return err
	}
	if _, err := control.Write([]byte{iperfTestStart, iperfTestRunning}); err != nil {
		return err
	}
	moved := make(chan int64, 1)
	kern.Go(func() { // until the client closes
		if params.Reverse {
			n := int64(0)
			for chunk := make([]byte, 128<<10); ; {
				w, err := stream.Write(chunk)
				if n += int64(w); err != nil {
					moved <- n
					return
				}
			}
		}
		n, _ := io.Copy(io.Discard, struct{ io.Reader }{stream})
		moved <- n
	})
	var said [1]byte
	for said[0] != iperfTestEnd {
		if _, err := io.ReadFull(control, said[:]); err != nil {
			return err
		}
	}
	if err := state(iperfExchangeResults); err != nil {
		return err
	}
	var theirs json.RawMessage
	if err := readJSON(control, &theirs); err != nil {
		return err
	}
	results := fmt.Sprintf(`{"cpu_util_total":0,"cpu_util_user":0,"cpu_util_system":0,"sender_has_retransmits":-1,"streams":[`+
		`{"id":1,"bytes":%d,"retransmits":-1,"jitter":0,"errors":0,"packets":0,"start_time":0,"end_time":1}]}`, 0)
	if _, err := control.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(results))), results...)); err != nil {
		return err
	}
	if err := state(iperfDisplayResults); err != nil {
		return err
	}
	for said[0] != iperfDone {
		if _, err := io.ReadFull(control, said[:]); err != nil {
			return err
		}
	}
	stream.Close()
	<-moved
	return nil
}

func readJSON(r io.Reader, v any) error {
	var size [4]byte
	if _, err := io.ReadFull(r, size[:]); err != nil {
		return err
	}
	text := make([]byte, min(binary.BigEndian.Uint32(size[:]), 1<<20))
	if _, err := io.ReadFull(r, text); err != nil {
		return err
	}
	return json.Unmarshal(text, v)
}

// iperf3 is the peer both ways.
func TestIperf3(t *testing.T) {
	if _, err := exec.LookPath("iperf3"); err != nil {
		t.Skip("iperf3 is not installed")
	}
	inStack(t, func() {
		for _, how := range []string{"", " -R"} {
			l, err := socket.Listen("tcp", ":5201")
			if err != nil {
				t.Fatal(err)
			}
			served := make(chan error, 1)
			kern.Go(func() { served <- serveIperf(l) })
			out := linux(t, "iperf3 -c 192.0.2.2 -t 1 -J"+how)
			l.Close()
			if err := <-served; err != nil {
				t.Error(err)
			}
			var result struct {
				End struct {
					Sent     struct{ Bytes, Bits_per_second float64 } `json:"sum_sent"`
					Received struct{ Bytes, Bits_per_second float64 } `json:"sum_received"`
				}
			}
			if err := json.Unmarshal([]byte(out), &result); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			moved := result.End.Sent
			if how != "" {
				moved = result.End.Received
			}
			t.Logf("iperf3%s: %.0f Mbit/s", how, moved.Bits_per_second/1e6)
			if moved.Bytes < 1<<20 {
				t.Errorf("iperf3%s: %.0f bytes in a second\n%s", how, moved.Bytes, out)
			}
		}
	})
}
