package usr

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/go-vimage/vimage/examples/netstack/net/ipfw"
	"github.com/go-vimage/vimage/runtime/alias"
)

// modulePath is where the modules of the stack are.
const modulePath = "github.com/go-vimage/vimage/examples/netstack/net/"

func module(args []string) (*alias.Module, error) {
	if len(args) != 1 {
		return nil, errUsage
	}
	m := alias.Find(modulePath + args[0])
	if m == nil {
		return nil, fmt.Errorf("%s: no such module; a plain build has none", args[0])
	}
	return m, nil
}

// within bounds a transition of a module.
func within(f func(ctx context.Context, m *alias.Module) error, m *alias.Module) error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	return f(ctx, m)
}

func kldload(_ io.Writer, args []string) error {
	m, err := module(args)
	if err != nil {
		return err
	}
	return within(alias.Load, m)
}

func kldunload(_ io.Writer, args []string) error {
	m, err := module(args)
	if err != nil {
		return err
	}
	return within(alias.Unload, m)
}

func ipfwCommand(w io.Writer, args []string) error {
	switch {
	case len(args) > 1 && args[0] == "add":
		r, err := ipfw.Parse(args[1:])
		if err != nil {
			return err
		}
		if alias.Find(modulePath+"ipfw") == nil {
			return errors.New("a plain build has no modules, so that nothing would be filtered")
		}
		if err := ipfw.Add(r); err != nil {
			return err
		}
		fmt.Fprintln(w, r)
		return nil
	case len(args) == 2 && args[0] == "delete":
		n, err := strconv.Atoi(args[1])
		if err != nil {
			return errUsage
		}
		return ipfw.Delete(n)
	case len(args) == 0 || len(args) == 1 && args[0] == "list":
		t := table(w)
		for _, r := range ipfw.Rules() {
			fmt.Fprintf(t, "%d\t%d\t%v\n", r.Packets, r.Bytes, &r)
		}
		return t.Flush()
	}
	return errUsage
}
