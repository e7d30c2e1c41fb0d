package usr

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/go-vimage/vimage/examples/netstack/net/ipfw"
	_ "github.com/go-vimage/vimage/examples/netstack/netinet/tcp/cc/newreno" // a module to load
	"github.com/go-vimage/vimage/runtime/alias"
)

// module returns the stack's module whose package has a name, such as ipfw.
func module(args []string) (*alias.Module, error) {
	if len(args) != 1 {
		return nil, errUsage
	}
	for _, m := range alias.Known() {
		if path.Base(m.Name) == args[0] {
			return m, nil
		}
	}
	return nil, fmt.Errorf("%s: no such module; only builds with the tag vimage load any", args[0])
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

// kldstat lists the modules, loaded or not, and the slots that they override.
func kldstat(w io.Writer, args []string) error {
	if len(args) != 0 {
		return errUsage
	}
	t := table(w)
	fmt.Fprintln(t, "Module\tState\tOverrides")
	for _, m := range alias.Known() {
		var slots []string
		for _, l := range m.Layers {
			slots = append(slots, path.Base(l.Group.Name))
		}
		fmt.Fprintf(t, "%s\t%s\t%s\n", path.Base(m.Name), alias.State(m), strings.Join(slots, " "))
	}
	return t.Flush()
}

func ipfwCommand(w io.Writer, args []string) error {
	switch {
	case len(args) > 1 && args[0] == "add":
		r, err := ipfw.Parse(args[1:])
		if err != nil {
			return err
		}
		if alias.Available() != nil {
			return errors.New("this build loads no modules, so that nothing would be filtered: build it with -tags vimage")
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
