package packetdrill

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

// Parse reads a script. It returns an [Unsupported] for parts of the language that
// this package does not have.
func Parse(name, text string) (script *Script, err error) {
	s := &scanner{name: name, s: text}
	defer func() {
		switch e := recover().(type) {
		case nil:
		case syntaxError:
			script, err = nil, e
		case Unsupported:
			script, err = nil, e
		default:
			panic(e)
		}
	}()
	script = &Script{Name: name, Tolerance: 4 * time.Millisecond}
	for s.accept("--") {
		script.option(s)
	}
	for s.space() {
		script.Events = append(script.Events, s.event())
	}
	if len(script.Events) == 0 {
		return nil, errors.New(name + ": no events")
	}
	return script, nil
}

// option reads an option line, which begins with --.
func (script *Script) option(s *scanner) {
	name := s.of(wordByte)
	value := ""
	if s.accept("=") {
		value = s.of(func(c byte) bool { return c > ' ' })
	}
	n, _ := strconv.Atoi(value)
	switch name {
	case "tolerance_usecs":
		script.Tolerance = time.Duration(n) * time.Microsecond
	case "tcp_ts_tick_usecs":
		script.TSTick = time.Duration(n) * time.Microsecond
	default:
		panic(Unsupported{"option --" + name})
	}
}

func (s *scanner) event() Event {
	s.space()
	e := Event{Line: s.line()}
	if s.peek() != '`' && s.peek() != '%' {
		s.time(&e)
	} else {
		e.Kind = Relative
	}
	switch c := s.peek(); {
	case c == '<' || c == '>':
		s.at++
		e.Packet = s.packet(c == '>')
	case s.accept("`"):
		e.Command = s.quoted("`")
	case s.accept("%{"):
		e.Code = s.quoted("}%")
	case wordByte(c) && !digit(c):
		e.Call = s.call()
	default:
		s.fail("want a packet, a call, code or a command")
	}
	return e
}

func (s *scanner) time(e *Event) {
	switch {
	case s.accept("*"):
		e.Kind = Any
		return
	case s.accept("+"):
		e.Kind = Relative
	}
	e.At = s.seconds()
	e.End = e.At
	switch {
	case s.accept("..."):
		e.Blocks = true
	case s.accept("~"):
		e.Range = true
	default:
		return
	}
	s.accept("+")
	e.End = s.seconds()
}

func (s *scanner) packet(out bool) *Packet {
	p := &Packet{Out: out, Win: -1}
	if c := s.peek(); c == '[' || c == '(' {
		panic(Unsupported{"ECN or headers of IP in packets"})
	}
	p.Flags = s.of(func(c byte) bool { return strings.IndexByte("SFRP.EWCAU-", c) >= 0 })
	switch {
	case p.Flags == "":
		panic(Unsupported{"packets of " + s.of(wordByte)})
	case strings.ContainsAny(p.Flags, "EWCAU"):
		panic(Unsupported{"flags " + p.Flags})
	}
	p.Seq = s.number()
	s.expect(":")
	end := s.number()
	s.expect("(")
	p.Len = int(s.number())
	s.expect(")")
	if end-p.Seq != uint32(p.Len) {
		s.fail("the length is not that of the sequence numbers")
	}
	if s.keyword("ack") {
		p.Ack, p.HasAck = s.number(), true
	}
	if s.keyword("win") {
		p.Win = int(s.number())
	}
	if s.keyword("urg") {
		panic(Unsupported{"urgent data"})
	}
	if s.optionsFollow() {
		s.expect("<")
		s.options(p)
	}
	return p
}

// optionsFollow tells a list of options from the next event's packet: that has a time.
func (s *scanner) optionsFollow() bool { return s.peek() == '<' }

func (s *scanner) options(p *Packet) {
	if s.accept("...") {
		p.AnyOptions = true
		s.expect(">")
		return
	}
	for !s.accept(">") {
		s.accept(",")
		name := s.of(wordByte)
		o := Option{Name: name}
		switch name {
		case "nop", "eol":
			continue
		case "mss", "wscale":
			o.Values = []uint32{s.number()}
		case "sackOK":
		case "TS":
			if !s.keyword("val") {
				s.fail("want val")
			}
			val := s.number()
			if !s.keyword("ecr") {
				s.fail("want ecr")
			}
			o.Values = []uint32{val, s.number()}
		case "sack":
			for digit(s.peek()) {
				from := s.number()
				s.expect(":")
				o.Values = append(o.Values, from, s.number())
			}
		default:
			panic(Unsupported{"option " + name + " of TCP"})
		}
		p.Options = append(p.Options, o)
	}
}

func (s *scanner) call() *Call {
	c := &Call{Name: s.of(wordByte)}
	s.expect("(")
	c.Args = s.balanced()
	s.expect("=")
	sign := int64(1)
	if s.accept("-") {
		sign = -1
	}
	text := s.of(wordByte)
	if text == "" && s.accept("...") {
		panic(Unsupported{"results of any value"})
	}
	n, err := strconv.ParseInt(text, 0, 64)
	if err != nil {
		s.fail("want a result, not " + strconv.Quote(text))
	}
	c.Result = sign * n
	if at := s.at; s.peek() >= 'A' && s.peek() <= 'Z' {
		if c.Errno = s.of(wordByte); !strings.HasPrefix(c.Errno, "E") {
			s.at, c.Errno = at, ""
		}
	}
	if s.accept("(") { // what the result means, for readers
		s.quoted(")")
	}
	return c
}
