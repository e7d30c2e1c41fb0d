/*
# Importers: how a program uses a library that has committed builds

How a program uses a library that has committed builds (vimagegen help generate), without adopting any
itself. The library has a plain build, which is the author's, and one with images, which the tag
vimage selects for all packages of a program at once:

	go build .                  the plain program
	go build -tags vimage .     the same program, with images

Neither needs vimagegen. Example.com/lib is such a library below, with a variable Level that anybody may
assign. This program has two images besides image 0, in which main runs:

	package main

	import (
		"context"
		"fmt"

		"example.com/lib"
		"github.com/go-vimage/vimage/runtime/vimage"
	)

	func main() {
		*lib.V_Level() = 5 // lib.Level = 5, in both builds
		for _, name := range []string{"a", "b"} {
			img, err := vimage.New(vimage.WithName(name))
			if err != nil {
				fmt.Println(err) // in the plain build
				return
			}
			img.Do(func() { *lib.V_Level()++; fmt.Println(name, *lib.V_Level()) })
			fmt.Println(img.Close(context.Background()))
		}
		fmt.Println("main", *lib.V_Level())
	}

	go get example.com/lib github.com/go-vimage/vimage
	go vet ./... && go vet -tags vimage ./...
	go run -tags vimage .

Each image begins as the library does in a new process: here with the Level that the library's source
gives it, not with main's 5. In the plain build vimage.New returns an error that says so.

What is to be written in another way:

	lib.X = y          *lib.V_X() = y     X is an exported variable that is virtual: it is a field of the
	lib.X.F            lib.V_X().F        image's container, and V_X returns its address. It does so in
	lib.X[i]           (*lib.V_X())[i]    the plain build too, where the compiler inlines it to the address.
	&lib.X             lib.V_X()          vimagegen vet -committed -fix ./... changes all mentions.
	var p = &lib.X     call V_X at use    a kept address is that of one image's variable.
	err == lib.ErrX    errors.Is(err, *lib.V_ErrX()), in the image that err is from.

	func init() { lib.Register(h) }       runs once, for image 0, as all of a program that is not adopted.
	var l = lib.New()                     Put set-up into a function, and call it in each image:
	                                      img.Do(setUp).

	time.AfterFunc(d, f)                  time.AfterFunc(d, vimage.Bind(f)). A goroutine inherits its image
	                                      from the one that starts it. Timers, finalizers, and contexts'
	                                      functions do not, on the stock toolchain. Where no image is
	                                      current, use of a virtual variable panics, and says so.
	pprof.Do(ctx, labels, f)              call img.Do inside: the image is one of the goroutine's labels.

	//vimage:sysinit in the library       call vimage.Boot first in main: it runs these functions in
	                                      image 0. An adopted package main calls it by itself.

What all images share: the program's own variables, those of libraries that have no committed builds,
and the standard library's. vimagegen vet -committed names, a line each, those of libraries that change. A
library that registers in the standard library (flag.Bool, http.Handle) does so once, for image 0. To
have all of that per image, let vimagegen build the program: vimagegen build . needs no committed
builds, and takes the author's files where there are some.

Vimagegen is had as a tool of the module. Nothing that the program is built from depends on it:

	go get -tool github.com/go-vimage/vimage/cmd/vimagegen
	go tool vimagegen vet -committed -fix ./...

Tests run in both builds: go test ./... and go test -tags vimage ./....

Gopls shows the plain build. For the other one, set "buildFlags": ["-tags=vimage"]; or start the editor,
or gopls check FILES, with GOFLAGS=-tags=vimage. Generated files have no diagnostics of their own in either
build; a hint about an author's line can be repeated for its copy in x_vimage.go (tried with gopls 0.23).

Delve shows the generated file of a function, which is there to be read, with its own lines: x_vimage.go
for x.go. So do stack traces (tried with Delve 1.27):

	go build -tags vimage -gcflags='all=-N -l' -o shop .
	dlv exec ./shop
	(dlv) break example.com/lib.Raise
	(dlv) break lib_vimage.go:12
	(dlv) print vnet_lib.V_Level
	(dlv) goroutines -l -with label vimage=a

vnet_lib is set by the function's first line: print it after next. An image's goroutines have the label
vimage with the image's name.
*/
package main
