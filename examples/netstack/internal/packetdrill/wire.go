package packetdrill

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"

	"github.com/go-vimage/vimage/examples/netstack/internal/stacktest"
	"github.com/go-vimage/vimage/examples/netstack/net"
)

// Addresses of the stack and of the peer that the script plays.
const (
	mine     net.InAddr = 192<<24 | 168<<16 | 1
	peer     net.InAddr = 192<<24 | 168<<16 | 2
	port                = 8080 // of the stack as a server, and of the peer as one
	peerPort            = 30000
)

// A wire has the script's end of the connection.
type wire struct {
	local, remote layers.TCPPort
	conns         int
	iss           uint32 // the stack's initial sequence number, less the script's
	active        bool   // the stack's SYN began it, and is not answered
	live          map[uint32]uint32
	offset        uint32 // of the stack's timestamps to the script's
	sent          []*segment
}

// A segment is what the stack sent, with numbers of the script's.
type segment struct {
	at      time.Duration
	flags   string
	seq     uint32
	ack     uint32
	win     int
	n       int
	options []Option
}

func (s *segment) String() string {
	return fmt.Sprintf("%s %d:%d(%d) ack %d win %d %v at %v", s.flags, s.seq, s.seq+uint32(s.n), s.n, s.ack, s.win, s.options, s.at)
}

// frame makes a frame from the peer.
func (r *runner) frame(l ...gopacket.SerializableLayer) {
	b := gopacket.NewSerializeBuffer()
	if err := gopacket.SerializeLayers(b, gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}, l...); err != nil {
		r.t.Fatal(err)
	}
	r.port.Input(b.Bytes())
}

// learnPeer makes the peer's Ethernet address known to the stack.
func (r *runner) learnPeer() {
	r.frame(&layers.Ethernet{SrcMAC: stacktest.PeerLladdr[:], DstMAC: net.LlBroadcast[:], EthernetType: layers.EthernetTypeARP},
		&layers.ARP{
			AddrType: layers.LinkTypeEthernet, Protocol: layers.EthernetTypeIPv4, HwAddressSize: 6, ProtAddressSize: 4,
			Operation: layers.ARPRequest, SourceHwAddress: stacktest.PeerLladdr[:], SourceProtAddress: peer.Addr().AsSlice(),
			DstHwAddress: make([]byte, 6), DstProtAddress: mine.Addr().AsSlice(),
		})
	r.port.Sent()
}

// inject has the stack receive a segment of the script's.
func (r *runner) inject(p *Packet) error {
	w := &r.wire
	has := func(f string) bool { return strings.Contains(p.Flags, f) }
	if has("S") && !has(".") && !w.active && p.Seq == 0 { // a new connection
		w.local, w.remote = port, layers.TCPPort(peerPort+w.conns)
		w.conns++
		w.iss, w.live, w.offset = 0, map[uint32]uint32{}, 0
	}
	w.active = false
	seg := &layers.TCP{
		SrcPort: w.remote, DstPort: w.local, Seq: p.Seq, Ack: p.Ack + w.iss,
		SYN: has("S"), FIN: has("F"), RST: has("R"), PSH: has("P"), ACK: has("."), Window: uint16(max(p.Win, 0)),
		Options: w.wireOptions(p.Options),
	}
	if !seg.ACK {
		seg.Ack = 0
	}
	ip := &layers.IPv4{Version: 4, TTL: 255, Protocol: layers.IPProtocolTCP, SrcIP: peer.Addr().AsSlice(), DstIP: mine.Addr().AsSlice()}
	if err := seg.SetNetworkLayerForChecksum(ip); err != nil {
		return err
	}
	r.frame(&layers.Ethernet{SrcMAC: stacktest.PeerLladdr[:], DstMAC: r.port.Lladdr[:], EthernetType: layers.EthernetTypeIPv4},
		ip, seg, gopacket.Payload(make([]byte, p.Len)))
	return r.progress()
}

// flood has the stack receive SYNs, each from a port of its own.
func (r *runner) flood(n int) error {
	w := r.wire
	for i := range n {
		r.wire = wire{conns: -1 - i%(peerPort/2)}
		if err := r.inject(&Packet{Flags: "S", Win: 1000}); err != nil {
			return err
		}
	}
	r.wire = w
	return nil
}

// wireOptions returns the options of a segment of the peer's.
func (w *wire) wireOptions(options []Option) (all []layers.TCPOption) {
	add := func(kind layers.TCPOptionKind, b []byte) {
		all = append(all, layers.TCPOption{OptionType: kind, OptionLength: uint8(2 + len(b)), OptionData: b})
	}
	for _, o := range options {
		switch o.Name {
		case "mss":
			add(layers.TCPOptionKindMSS, binary.BigEndian.AppendUint16(nil, uint16(o.Values[0])))
		case "wscale":
			add(layers.TCPOptionKindWindowScale, []byte{byte(o.Values[0])})
		case "sackOK":
			add(layers.TCPOptionKindSACKPermitted, nil)
		case "TS":
			ecr, ok := w.live[o.Values[1]]
			if !ok && o.Values[1] != 0 {
				ecr = o.Values[1] + w.offset
			}
			add(layers.TCPOptionKindTimestamps, binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, o.Values[0]), ecr))
		case "sack":
			var b []byte
			for _, v := range o.Values {
				b = binary.BigEndian.AppendUint32(b, v+w.iss)
			}
			add(layers.TCPOptionKindSACK, b)
		}
	}
	return all
}

// collect takes the segments that the stack sent by now.
func (r *runner) collect() {
	w := &r.wire
	for _, frame := range r.port.Sent() {
		p := gopacket.NewPacket(frame, layers.LayerTypeEthernet, gopacket.Default)
		t, _ := p.Layer(layers.LayerTypeTCP).(*layers.TCP)
		if t == nil {
			continue
		}
		s := &segment{at: r.now, win: int(t.Window), n: len(t.Payload)}
		for i, on := range []bool{t.SYN, t.FIN, t.RST, t.PSH, t.ACK} {
			if on {
				s.flags += "SFRP."[i : i+1]
			}
		}
		if t.SYN && (t.DstPort != w.remote || t.SrcPort != w.local) { // the stack connects
			w.local, w.remote, w.active = t.SrcPort, t.DstPort, true
			w.live, w.offset = map[uint32]uint32{}, 0
		}
		if t.SrcPort != w.local || t.DstPort != w.remote {
			continue // of a connection that is over
		}
		if t.SYN {
			w.iss = t.Seq
		}
		s.seq = t.Seq - w.iss
		if t.ACK {
			s.ack = t.Ack
		}
		s.options = scriptOptions(t.Options)
		w.sent = append(w.sent, s)
	}
}

// scriptOptions returns the options of a segment of the stack's, in its order.
func scriptOptions(options []layers.TCPOption) (all []Option) {
	for _, o := range options {
		b := o.OptionData
		switch o.OptionType {
		case layers.TCPOptionKindMSS:
			all = append(all, Option{"mss", []uint32{uint32(binary.BigEndian.Uint16(b))}})
		case layers.TCPOptionKindWindowScale:
			all = append(all, Option{"wscale", []uint32{uint32(b[0])}})
		case layers.TCPOptionKindSACKPermitted:
			all = append(all, Option{Name: "sackOK"})
		case layers.TCPOptionKindTimestamps:
			all = append(all, Option{"TS", []uint32{binary.BigEndian.Uint32(b), binary.BigEndian.Uint32(b[4:])}})
		case layers.TCPOptionKindSACK:
			s := Option{Name: "sack"}
			for ; len(b) >= 4; b = b[4:] {
				s.Values = append(s.Values, binary.BigEndian.Uint32(b))
			}
			all = append(all, s)
		}
	}
	return all
}

// sortOptions brings options into one order.
func sortOptions(o []Option) []Option {
	o = slices.Clone(o)
	slices.SortStableFunc(o, func(a, b Option) int { return strings.Compare(a.Name, b.Name) })
	return o
}
