// Command glog logs. The verbosity is a flag of the standard library, of which
// a committed build has one.
package main

import (
	"fmt"
	"time"

	"github.com/golang/glog"

	turn "github.com/go-vimage/vimage/internal/corpus/isolation/three"
)

func main() {
	turn.Play(func() {
		time.Sleep(time.Second) // a log file's name has the second and the process, and two files cannot have one name
		glog.Info("counted")
	}, func() string { return fmt.Sprint(glog.Stats.Info.Lines()) })
}
