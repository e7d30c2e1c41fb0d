package main

import (
	"errors"
	"flag"
	"fmt"
	"os"

	"github.com/go-vimage/vimage/examples/netstack/net/tap"
	"github.com/go-vimage/vimage/examples/netstack/usr"
)

func runTap(flags *flag.FlagSet, args []string) error {
	dev := flags.String("dev", "tap0", "")
	addr := flags.String("addr", "192.0.2.2/24", "")
	gw := flags.String("gw", "", "")
	if flags.Parse(args) != nil || flags.NArg() > 0 {
		return errUsage{}
	}
	ifp, err := tap.Attach("tap0", *dev)
	if errors.Is(err, os.ErrPermission) {
		return fmt.Errorf("%w: run it as root", err)
	}
	if err != nil {
		return err
	}
	if err := usr.Run(os.Stdout, "ifconfig", "tap0", *addr); err != nil {
		return err
	}
	if *gw != "" {
		if err := usr.Run(os.Stdout, "route", "add", "default", *gw); err != nil {
			return err
		}
	}
	if _, err := usr.Echo("0.0.0.0:7"); err != nil {
		return err
	}
	fmt.Printf("%s is %s with address %s, and answers ping and UDP to port 7. For Linux's end, in another terminal:\n"+
		"\tip addr add ADDRESS/LENGTH dev %s && ip link set %s up\n", *dev, ifp.Lladdr, *addr, *dev, *dev)
	return shell(os.Stdin, runInStack)
}
