// Embed makes two images of its own package-level state.
package main

import (
	"context"
	"fmt"

	"github.com/go-vimage/vimage/runtime/vimage"
)

var users = map[string]int{}

func login(name string) { users[name]++ }

func main() {
	for _, name := range []string{"ann", "bob"} {
		im, err := vimage.New(vimage.WithName(name))
		if err != nil {
			panic(err)
		}
		im.Do(func() {
			login(name)
			fmt.Println(vimage.Current().Name(), users)
		})
		if err := im.Close(context.Background()); err != nil {
			panic(err)
		}
	}
	fmt.Println("image 0", users)
}
