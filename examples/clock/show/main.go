// Command show prints the time of the clock's source, which a file names.
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/go-vimage/vimage/examples/clock"
	"github.com/go-vimage/vimage/runtime/alias"
)

func main() {
	if len(os.Args) > 1 {
		if err := boot(os.Args[1]); err != nil {
			log.Fatal(err)
		}
	}
	s := clock.Start()
	time.Sleep(50 * time.Millisecond)
	fmt.Println("frequency", clock.Frequency(), "runs", s.Elapsed() > 0)
}

// boot loads the modules that a file names.
func boot(file string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	return alias.Boot(context.Background(), f)
}
