package vimage

import (
	"os"
	"strconv"
	"strings"

	"github.com/go-vimage/vimage/runtime/vimage/internal/core"
)

// statusPanic is the exit status of a process that panics.
const statusPanic = 2

// panicked ends the image for a panic that no goroutine recovered, as such a
// panic ends a process. It prints what the runtime would, with the image's name
// behind the value. It returns only if the process is to end too.
//
// The runtime calls it on the goroutine that panics, after all deferred calls.
func (im *Image) panicked(stderr *os.File, values, stacks []byte) {
	text := append([]byte{}, values...)
	text = append(text, im.mark()...)
	stderr.Write(append(text, stacks...))
	core.VnetExit(statusPanic)
}

// mark names the image behind a message: [image 3], or [image 3 "shop"] if it
// has a name that is not its number.
func (im *Image) mark() string {
	name, number := im.Name(), strconv.FormatUint(im.ID(), 10)
	if _, err := strconv.ParseUint(name, 10, 64); err == nil || name == "vnet"+number {
		return " [image " + strings.TrimPrefix(name, "vnet") + "]"
	}
	return " [image " + number + " " + strconv.Quote(name) + "]"
}
