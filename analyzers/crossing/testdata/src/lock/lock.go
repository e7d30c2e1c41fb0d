package lock

import "sync"

var mu sync.Mutex // want `mu guards table, which is shared, but each image has its own mu`

//vimage:shared one table for all
var table = map[string]int{}

func put(k string) {
	mu.Lock()
	defer mu.Unlock()
	table[k]++
}

func get(k string) int {
	mu.Lock()
	n := table[k]
	mu.Unlock()
	return n
}

var (
	//vimage:shared for the test
	sharedMu sync.RWMutex // want `sharedMu is shared and guards own, which each image has its own of`

	own []int
)

func add(n int) {
	sharedMu.Lock()
	own = append(own, n)
	sharedMu.Unlock()
}

// Near: both virtual, both shared, and a lock that guards something else.
var (
	bothMu sync.Mutex
	both   int

	//vimage:shared for the test
	wordMu sync.Mutex
	//vimage:shared for the test
	word int

	otherMu sync.Mutex
	other   int
	//vimage:shared for the test
	loose int
)

func near(quick bool) int {
	bothMu.Lock()
	both++
	bothMu.Unlock()

	wordMu.Lock()
	word++
	if quick {
		wordMu.Unlock()
		return word
	}
	wordMu.Unlock()

	otherMu.Lock()
	other++
	n := loose // read here by chance
	otherMu.Unlock()
	loose = n + other
	loose++
	return loose
}
