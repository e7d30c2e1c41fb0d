// Command memberlist changes the text of the one error that the library keeps
// in a variable. What its metrics go to is a variable of another module, of
// which a committed build has one.
package main

import (
	"fmt"
	"io"
	"reflect"
	"unsafe"

	"github.com/hashicorp/memberlist"

	turn "github.com/go-vimage/vimage/internal/corpus/isolation/three"
)

func main() {
	var network memberlist.MockNetwork
	started := 0
	refused := func() error {
		started++
		conf := memberlist.DefaultLocalConfig()
		conf.Name = fmt.Sprint("member", started)
		conf.Transport = network.NewTransport(conf.Name)
		conf.LogOutput = io.Discard
		conf.RequireNodeNames = true
		list, err := memberlist.Create(conf)
		if err != nil {
			panic(err)
		}
		defer list.Shutdown()
		return list.SendBestEffort(&memberlist.Node{}, nil)
	}
	turn.Play(func() {
		text := reflect.ValueOf(refused()).Elem().Field(0)
		*(*string)(unsafe.Pointer(text.UnsafeAddr())) = "changed"
	}, func() string { return refused().Error() })
}
