// Command glog changes verbosity through the flags that glog registers with the
// standard library, and logs.
package main

import (
	"flag"
	"fmt"

	"github.com/golang/glog"

	"github.com/go-vimage/vimage/internal/corpus/isolation/turn"
)

func main() {
	turn.Play(func() {
		for name, value := range map[string]string{"v": "3", "stderrthreshold": "FATAL", "vmodule": "main=5", "log_dir": flag.Arg(1)} {
			if err := flag.Set(name, value); err != nil {
				panic(err)
			}
		}
		glog.Info("counted")
		glog.Flush()
	}, func() string {
		if !flag.Parsed() {
			flag.Parse()
		}
		return fmt.Sprint(bool(glog.V(3)), bool(glog.V(5)), flag.Lookup("v").Value, flag.Lookup("stderrthreshold").Value, flag.Lookup("vmodule").Value, glog.Stats.Info.Lines())
	})
}
