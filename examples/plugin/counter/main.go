// Command counter is a plugin: a module that counts, in each image for itself.
package main

import (
	"context"
	"fmt"

	"github.com/go-vimage/vimage/runtime/vimage"
)

type variables struct{ n int }

var vars vimage.Vars[variables]

var module = vimage.Module{
	Name: "counter",
	Vars: &vars,
	Init: func() error { fmt.Println("counter comes to", vimage.Current()); return nil },
	Fini: func() error {
		fmt.Println("counter leaves", vimage.Current(), "at", vars.Get().n)
		return nil
	},
}

func init() {
	if err := vimage.Register(&module); err != nil {
		panic(err)
	}
}

// Count counts in the current image.
func Count() int {
	if !module.Enter() { // so that Leave waits for us
		return 0
	}
	defer module.Leave()
	vars.Get().n++
	return vars.Get().n
}

// Leave takes the module out of all images.
func Leave() error { return vimage.Unregister(context.Background(), &module) }

func main() {}
