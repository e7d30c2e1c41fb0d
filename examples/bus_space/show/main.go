// Command show makes the same accesses before and after each module of
// bus_space is loaded, and after each is unloaded.
package main

import (
	"context"
	"fmt"
	"log"

	bus "github.com/go-vimage/vimage/examples/bus_space"
	"github.com/go-vimage/vimage/runtime/alias"
)

func main() {
	if err := alias.Available(); err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	show("stub")
	for _, m := range alias.Known() {
		if err := alias.Load(ctx, m); err != nil {
			log.Fatal(err)
		}
		show("with " + m.Name)
	}
	for _, m := range alias.Modules() {
		if err := alias.Unload(ctx, m); err != nil {
			log.Fatal(err)
		}
		show("without " + m.Name)
	}
	for _, line := range alias.Traces() {
		fmt.Println(line)
	}
}

// show makes some accesses.
func show(title string) {
	bus.Write4(0, 1)
	bus.Write4(4, 2)
	bus.Barrier()
	fmt.Println(title, "arrived:", bus.Arrived(), "read:", bus.Read4(4))
}
