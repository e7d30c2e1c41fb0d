// Command pflag adds flags to the command line and parses.
package main

import (
	"fmt"

	"github.com/spf13/pflag"

	turn "github.com/go-vimage/vimage/internal/corpus/isolation/three"
)

func main() {
	turn.Play(func() {
		pflag.StringP("name", "n", "none", "registered by those that change")
		if err := pflag.CommandLine.Parse([]string{"--name=changed", "rest"}); err != nil {
			panic(err)
		}
		pflag.ErrHelp = nil
	}, func() string {
		known := pflag.Lookup("name") != nil
		return fmt.Sprintf("%v %v %v %q", pflag.Args(), known, pflag.ErrHelp, pflag.CommandLine.FlagUsages())
	})
}
