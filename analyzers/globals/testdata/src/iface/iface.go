// Package iface changes variables through methods of interfaces.
package iface

import (
	"bytes"
	"io"
	"metrics"
	"strings"
)

var inFlight = metrics.New() // want `variable inFlight changes after initialisation: written in iface.Serve \(iface.go:\d+\)`

var asked = metrics.New()

var sink = metrics.NewSink()

func Serve() int {
	inFlight.Inc()
	sink.Put(1)
	return asked.Get()
}

type store interface {
	Put(string)
	Len() int
}

type memory struct{ m map[string]bool }

func (s *memory) Put(k string) { s.m[k] = true }
func (s *memory) Len() int     { return len(s.m) }

func newStore() store { return &memory{map[string]bool{}} }

var made store = newStore() // want `variable made changes after initialisation: written by \(\*iface.memory\).Put, called in iface.Put`

var read store = &memory{}

func Put(k string) int {
	made.Put(k)
	return read.Len()
}

// A standard type in an interface of another package.
var out io.Writer = new(bytes.Buffer) // want `variable out changes after initialisation: written by \(\*bytes.Buffer\).Write, called in iface.Print`

var in io.Reader = strings.NewReader("x") // want `variable in changes after initialisation: written by \(\*strings.Reader\).Read`

// Either of two types: no implementer of io.Writer in its package writes.
var either io.Writer = pick(2)

func pick(n int) io.Writer {
	if n > 3 {
		return none{}
	}
	return new(bytes.Buffer)
}

// Its address is handed on.
var lent io.Writer = new(bytes.Buffer)

func lend(w *io.Writer) { _ = w }

func Print(p []byte) {
	out.Write(p)
	in.Read(p)
	either.Write(p)
	lend(&lent)
	lent.Write(p)
}

type none struct{}

func (none) Write(p []byte) (int, error) { return len(p), nil }

// Generic code calls methods of type parameters.
func Each[T store](all []T) {
	for _, s := range all {
		s.Put("")
	}
}
