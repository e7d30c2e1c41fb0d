package store

import (
	"fmt"
	"regexp"
	"sync"
	"sync/atomic"
)

type conn struct{ name string }

var (
	level   int
	current *conn
	conns   = map[string]*conn{}

	steady = &conn{"steady"} // nothing changes it
)

// Switch changes what is virtual.
func Switch(c *conn) { level++; current = c; conns[c.name] = c }

//vimage:shared one table for all
var table = map[string]any{}

//vimage:shared the last of all images
var last any

//vimage:shared for the test
var list []*conn

//vimage:shared for the test
var limit int

//vimage:shared for the test
var index sync.Map

//vimage:shared for the test
var head atomic.Pointer[conn]

//vimage:shared for the test
var queue = make(chan *conn, 1)

func carried(c *conn) {
	table["c"] = c                               // want `a reference from the caller \(c\) goes into table, which is shared`
	table["cur"] = current                       // want `what is read from virtual current goes into table`
	last = conns["x"]                            // want `what is read from virtual conns goes into last`
	last = &level                                // want `the address of virtual level goes into last`
	limit = level                                // want `what is read from virtual level goes into limit`
	list = append(list, c)                       // want `a reference from the caller \(c\) goes into list`
	last = struct{ c *conn }{c}                  // want `a reference from the caller \(c\) goes into last`
	table["f"] = func() string { return c.name } // want `a function literal with a reference from the caller \(c\) goes into table`
	last = lookup("x")                           // want `what lookup returns of virtual conns goes into last`
	index.Store("x", c)                          // want `a reference from the caller \(c\) goes into index`
	head.Store(c)                                // want `a reference from the caller \(c\) goes into head`
	queue <- c                                   // want `a reference from the caller \(c\) goes into queue`
	the().add(c)                                 // want `a reference from the caller \(c\) goes into reg`
	put(c)                                       // put itself is reported
}

type registry struct{ conns []*conn }

//vimage:shared for the test
var reg registry

func the() *registry { return &reg }

func (r *registry) add(c *conn) { r.conns = append(r.conns, c) }

func put(c *conn) { list[0] = c } // want `a reference from the caller \(c\) goes into list`

func lookup(name string) *conn { return conns[name] }

func near(name string, n int) {
	table[name] = n
	table[name] = &conn{name}
	table[name] = regexp.MustCompile(name)
	table[name] = fmt.Sprint(n)
	table["f"] = near
	last = steady
	last = nil
	limit++
	limit += n
	list = append(list, new(conn))
	index.Store(name, n)
	head.Store(&conn{name})
	conns[name] = current // virtual, as what it takes
	var local any = conns
	_ = local
	other := table
	_ = other["x"]
}
