package config

import (
	"errors"
	"sync"
)

// Never written, or by initialisation alone.
var (
	ErrBad  = errors.New("bad")
	table   = map[string]int{"a": 1}
	Default = &Config{Level: 1}
	List    = []string{"a", "b"}
	filled  []string
)

func init() { filled = append(filled, "x") }

type Config struct {
	Level int
	Names []string
}

var counter int // want `variable counter changes after initialisation: written in config.Next \(config.go:\d+\)`

func Next() int { counter++; return counter }

var cache = map[string]string{} // want `variable cache changes after initialisation: written by config.put, called in config.Fill`

func put(m map[string]string) { m["a"] = "b" }

func Fill() { put(cache) }

var inner = &Config{} // want `variable inner changes after initialisation: written .*config.go:\d+\).*`

func get() *Config { return inner }

func Change() { get().Level = 2 }

var names = []string{"a"} // want `variable names changes after initialisation: written in config.Rename`

func Rename() {
	for i := range names {
		names[i] = "x"
	}
}

//vimage:shared every process counts together
var total int // want `variable total is marked shared \(every process counts together\), but it changes after initialisation: written in config.Add`

func Add() { total++ }

//vimage:virtual
var own int

func AddOwn() { own++ }

//vimage:sharde oops // want `vimage`
var typo int

func Lookup(s string) (int, error) {
	n, ok := table[s]
	if !ok {
		return 0, ErrBad
	}
	return n + len(filled), nil
}

// Locks are reported with what they guard.
var (
	mu     sync.Mutex
	guards sync.RWMutex
	stock  = map[string]int{} // want `variable stock, guarded by mu, changes after initialisation: written in config.Sell`
	rates  = map[string]int{} // want `variable rates, guarded by guards and first, changes after initialisation: written`
	first  sync.Once
	alone  sync.Mutex // want `variable alone changes after initialisation: written by \(\*sync.Mutex\).Lock`
	served = map[string]int{}
)

func Sell(s string) {
	mu.Lock()
	defer mu.Unlock()
	stock[s]--
}

func Rate(s string) int {
	first.Do(func() { rates["a"] = 1 })
	guards.Lock()
	rates[s]++
	guards.Unlock()
	guards.RLock()
	defer guards.RUnlock()
	return rates[s]
}

func Serve(s string) int {
	alone.Lock()
	defer alone.Unlock()
	return served[s]
}
