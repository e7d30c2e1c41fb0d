//go:build !vimage

// Show raises the limit in one image, and asks in it and in image 0.
package main

import (
	"fmt"

	"example.com/limit"
	"github.com/go-vimage/vimage/runtime/vimage"
)

func main() {
	im, err := vimage.New()
	if err != nil {
		fmt.Println(err)
		return
	}
	im.Do(func() {
		limit.Max = 10
		fmt.Println("image 1:", limit.Enter(5))
	})
	fmt.Println("image 0:", limit.Enter(5))
}
