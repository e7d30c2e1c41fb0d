// Command pflag adds flags to the command line and parses.
package main

import (
	"fmt"

	"github.com/spf13/pflag"

	"github.com/go-vimage/vimage/internal/corpus/isolation/turn"
)

var name = pflag.StringP("name", "n", "none", "registered by every image")

func main() {
	turn.Play(func() {
		pflag.Bool("extra", false, "registered by one")
		if err := pflag.CommandLine.Parse([]string{"--name=changed", "--extra", "rest"}); err != nil {
			panic(err)
		}
	}, func() string {
		return fmt.Sprintf("%s %v %v %q", *name, pflag.Args(), pflag.Lookup("extra") != nil, pflag.CommandLine.FlagUsages())
	})
}
