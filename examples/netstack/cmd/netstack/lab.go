package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/go-vimage/vimage/examples/netstack/usr"
)

func runLab(flags *flag.FlagSet, args []string) (err error) {
	if flags.Parse(args) != nil || flags.NArg() != 1 {
		return errUsage{}
	}
	l, err := openLab(flags.Arg(0))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	fmt.Printf("%d nodes, %d links. A line is a node's name and a command; nodes, links and quit are commands too.\n", len(l.Nodes), len(l.Links))
	return shell(os.Stdin, func(line []string) error {
		switch line[0] {
		case "nodes":
			for _, n := range l.Nodes {
				fmt.Println(n.Name())
			}
			return nil
		case "links":
			for _, c := range l.Links {
				fmt.Printf("%s:%s %s:%s\n", c.Link.A.Node, c.Link.A.Ifname, c.Link.B.Node, c.Link.B.Ifname)
			}
			return nil
		}
		n := l.Node(line[0])
		if n == nil {
			return fmt.Errorf("%s: no such node or command", line[0])
		}
		if len(line) == 1 {
			line = append(line, "help")
		}
		return n.Run(os.Stdout, line[1:]...)
	})
}

// shell runs a command for each line, until quit or the end. Errors are printed.
func shell(in io.Reader, run func(line []string) error) error {
	lines := bufio.NewScanner(in)
	for fmt.Print("> "); lines.Scan(); fmt.Print("> ") {
		line := strings.Fields(lines.Text())
		if len(line) == 0 {
			continue
		}
		if line[0] == "quit" {
			return nil
		}
		if err := run(line); err != nil {
			fmt.Println(err)
		}
	}
	fmt.Println()
	return lines.Err()
}

func runInStack(line []string) error { return usr.Run(os.Stdout, line...) }
