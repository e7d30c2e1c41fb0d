// Command page is an example of a shared page: a publisher and readers, in
// processes of their own that are started and killed in any order.
//
//	page publish [PATH]   counts, and publishes the count with its square
//	page read [PATH]      reads for a second, and exits 1 if a square was wrong
//
// While there is no publisher, readers read the fallback: no count. Try
//
//	go run ./examples/page publish & go run ./examples/page read
//	vimagegen page -watch example_tick
package main

import (
	"fmt"
	"os"
	"time"

	"github.com/go-vimage/vimage/examples/page/tick"
	"github.com/go-vimage/vimage/runtime/vdso/page"
)

func main() {
	path := ""
	if len(os.Args) > 2 {
		path = os.Args[2]
	}
	run := map[string]func(string) error{"publish": publish, "read": read}
	if len(os.Args) < 2 || run[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: page publish|read [PATH]")
		os.Exit(2)
	}
	if err := run[os.Args[1]](path); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// publish counts until the process is killed.
func publish(path string) error {
	host := fmt.Sprint("process ", os.Getpid())
	p, err := tick.NewTickPublisher(path, tick.Tick{Host: host}, page.WithPeriod(200*time.Millisecond))
	if err != nil {
		return err
	}
	defer p.Close()
	for {
		err := p.Publish(func(t *tick.Tick) {
			t.Count++
			t.Square = t.Count * t.Count
		})
		if err != nil {
			return err
		}
	}
}

// read reads for a second, whether there is a publisher or not.
func read(path string) error {
	r := tick.OpenTick(path)
	defer r.Close()
	reads, fallbacks, publishers := 0, 0, map[string]bool{}
	for end := time.Now().Add(time.Second); time.Now().Before(end); {
		count, ratio := r.Ratio()
		if count != ratio {
			return fmt.Errorf("wrong: the square of %d is %d times as large", count, ratio)
		}
		if reads++; count == 0 {
			fallbacks++
		}
		publishers[r.Host()] = true
	}
	delete(publishers, "nobody")
	fmt.Printf("%d reads, %d fallbacks, %d publishers\n", reads, fallbacks, len(publishers))
	return nil
}
