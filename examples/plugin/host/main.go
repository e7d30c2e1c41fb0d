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

func run(file string) error {
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
