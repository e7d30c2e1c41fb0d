// Command netstack runs network stacks. Built with the tag vimage, or by vimagegen,
// it runs many in one process, each in an image; built plainly, one.
//
//	netstack demo [-w FILE]        hosts and routers, and what images are, explained
//	netstack lab FILE              a network from a topology file, and a shell in each node
//	netstack http [-addr ADDRESS] [-page PATH] [-traffic] [FILE]
//	                               a page with the network, drawn, and its counters
//	netstack top [-i INTERVAL] [-n COUNT] [ADDRESS]
//	                               the rates of a network that netstack http serves
//	netstack tap [-dev NAME] [-addr ADDRESS/LENGTH] [-gw ADDRESS]
//	                               one stack on a TAP device, and a shell
//
// In a shell, "help" lists the commands.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
)

func main() { os.Exit(run(os.Args[1:])) }

// A command has flags and arguments of its own.
type command struct {
	name, usage string
	run         func(flags *flag.FlagSet, args []string) error
}

// errUsage stands for the command's usage.
type errUsage struct{}

func (errUsage) Error() string { return "usage" }

func run(args []string) int {
	commands := []command{
		{"demo", "netstack demo [-w FILE]", demo},
		{"lab", "netstack lab FILE", runLab},
		{"http", "netstack http [-addr ADDRESS] [-page PATH] [-traffic] [FILE]", runHTTP},
		{"top", "netstack top [-i INTERVAL] [-n COUNT] [ADDRESS]", runTop},
		{"tap", "netstack tap [-dev NAME] [-addr ADDRESS/LENGTH] [-gw ADDRESS]", runTap},
	}
	for _, c := range commands {
		if len(args) == 0 || args[0] != c.name {
			continue
		}
		flags := flag.NewFlagSet(c.name, flag.ContinueOnError)
		flags.SetOutput(nowhere{})
		err := c.run(flags, args[1:])
		switch {
		case err == nil:
			return 0
		case errors.As(err, new(errUsage)):
			fmt.Fprintln(os.Stderr, "usage:", c.usage)
			return 2
		}
		fmt.Fprintln(os.Stderr, "netstack:", err)
		return 1
	}
	for i, c := range commands {
		fmt.Fprintln(os.Stderr, map[bool]string{true: "usage:", false: "      "}[i == 0], c.usage)
	}
	return 2
}

// nowhere drops what package flag prints: one line of usage is enough.
type nowhere struct{}

func (nowhere) Write(p []byte) (int, error) { return len(p), nil }
