// Command netstack runs network stacks. Built with the tag vimage, or by vimagegen,
// it runs many in one process, each in an image; built plainly, one.
//
//	netstack demo     hosts and routers, and what images are, explained
package main

import (
	"fmt"
	"os"
)

func main() { os.Exit(run(os.Args[1:])) }

func run(args []string) int {
	commands := map[string]func(args []string) error{"demo": demo}
	if len(args) == 0 || commands[args[0]] == nil {
		fmt.Fprintln(os.Stderr, "usage: netstack demo")
		return 2
	}
	if err := commands[args[0]](args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "netstack:", err)
		return 1
	}
	return 0
}
