// Command memberlist changes where the library's metrics go, and starts a
// member that emits some.
package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/hashicorp/go-metrics"
	"github.com/hashicorp/memberlist"

	"github.com/go-vimage/vimage/internal/corpus/isolation/turn"
)

func main() {
	var network memberlist.MockNetwork
	started := 0
	turn.Play(func() {
		sink := metrics.NewInmemSink(time.Hour, time.Hour)
		if _, err := metrics.NewGlobal(&metrics.Config{ServiceName: "changed", EnableHostname: false, FilterDefault: true}, sink); err != nil {
			panic(err)
		}
	}, func() string {
		started++
		conf := memberlist.DefaultLocalConfig()
		conf.Name = fmt.Sprint("member", started)
		conf.Transport = network.NewTransport(conf.Name)
		conf.LogOutput = io.Discard
		list, err := memberlist.Create(conf)
		if err != nil {
			panic(err)
		}
		defer list.Shutdown()
		names := []string{}
		for _, m := range list.Members() {
			names = append(names, strings.TrimRight(m.Name, "0123456789"))
		}
		return fmt.Sprint(names, metrics.Default().ServiceName, list.GetHealthScore())
	})
}
