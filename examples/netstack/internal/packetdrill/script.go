package packetdrill

import (
	"fmt"
	"time"
)

// A Script is a parsed script.
type Script struct {
	Name      string
	Tolerance time.Duration // by which a time may be missed
	TSTick    time.Duration // of timestamps; 0: their values are not compared
	Events    []Event
}

// A Kind of time says how an event's time is meant.
type Kind int

const (
	Absolute Kind = iota
	Relative      // to the event before
	Any
)

// An Event is a line of a script: a time, and one of the rest.
type Event struct {
	Line    int
	Kind    Kind
	At, End time.Duration
	Range   bool // a packet comes between At and End
	Blocks  bool // a call begins at At and returns at End

	Packet  *Packet
	Call    *Call
	Code    string
	Command string
}

// A Packet is a segment. Numbers are the script's: both sides begin at 0.
type Packet struct {
	Out        bool // the stack sends it
	Flags      string
	Seq        uint32
	Len        int
	Ack        uint32
	HasAck     bool
	Win        int // -1: none given
	AnyOptions bool
	Options    []Option
}

// An Option is an option of TCP, without padding, by the language's names: mss,
// wscale, sackOK, TS, sack.
type Option struct {
	Name   string
	Values []uint32
}

func (o Option) String() string {
	if len(o.Values) == 0 {
		return o.Name
	}
	return fmt.Sprint(o.Name, o.Values)
}

// A Call is a system call.
type Call struct {
	Name   string
	Args   []string
	Result int64
	Errno  string // of a result of -1
}

// Unsupported is what a script asks for and is not there.
type Unsupported struct{ What string }

func (u Unsupported) Error() string { return "not supported: " + u.What }
