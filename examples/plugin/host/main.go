// Command host creates two images and then opens a plugin.
package main

import (
	"context"
	"fmt"
	"os"
	"plugin"

	"github.com/go-vimage/vimage/runtime/vimage"
)

func main() {
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "host:", err)
		os.Exit(1)
	}
}

// uses is the host's own state: a module of one container, which makes images
// available in a plain build too, before any plugin is opened.
type uses struct {
	vimage.Module
	vimage.Vars[int]
}

func run(file string) error {
	own := &uses{}
	own.Name, own.Module.Vars = "host", &own.Vars
	if err := vimage.Register(&own.Module); err != nil {
		return err
	}
	a, err := vimage.New(vimage.WithName("a"))
	if err != nil {
		return err
	}
	fmt.Println("created", a)
	p, err := plugin.Open(file) // registers its module
	if err != nil {
		return err
	}
	sym, err := p.Lookup("Count")
	if err != nil {
		return err
	}
	count := sym.(func() int)
	b, err := vimage.New(vimage.WithName("b"))
	if err != nil {
		return err
	}
	for i, im := range []*vimage.Image{a, b} {
		im.Do(func() {
			for range i {
				count()
			}
			fmt.Println("counted", count(), "in", im)
		})
	}
	if err := b.Close(context.Background()); err != nil {
		return err
	}
	sym, err = p.Lookup("Leave")
	if err != nil {
		return err
	}
	if err := sym.(func() error)(); err != nil {
		return err
	}
	return a.Close(context.Background())
}
