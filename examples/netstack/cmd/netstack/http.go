package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"sync"
	"time"

	"github.com/go-vimage/vimage/examples/netstack/lab"
	"github.com/go-vimage/vimage/examples/netstack/stats"
	"github.com/go-vimage/vimage/examples/netstack/web"
	"github.com/go-vimage/vimage/runtime/vimage"
)

// openLab starts the network of a file, or the demonstration's.
func openLab(name string) (*lab.Lab, error) {
	if vimage.Available() != nil {
		return nil, errors.New("this is the plain build, which is one stack: build it with -tags vimage")
	}
	var in io.Reader = strings.NewReader(topology)
	if name != "" {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	t, err := lab.Parse(name, in)
	if err != nil {
		return nil, err
	}
	return lab.Start(t, os.Stdout)
}

func runHTTP(flags *flag.FlagSet, args []string) (err error) {
	addr := flags.String("addr", "localhost:8080", "")
	page := flags.String("page", "", "")
	traffic := flags.Bool("traffic", false, "")
	if flags.Parse(args) != nil || flags.NArg() > 1 {
		return errUsage{}
	}
	l, err := openLab(flags.Arg(0))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	at, err := net.Listen("tcp", *addr)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	var work sync.WaitGroup
	defer func() {
		stop()
		work.Wait()
	}()
	if *page != "" {
		p, err := stats.NewStatsPublisher(*page, stats.Stats{})
		if err != nil {
			return err
		}
		for _, n := range l.Nodes {
			fmt.Printf("%s's page: ", n.Name())
			if err := n.Run(os.Stdout, "publish"); err != nil {
				return err
			}
		}
		work.Go(func() {
			defer p.Close()
			if err := stats.Publish(l, p, time.Second, ctx.Done()); err != nil {
				fmt.Fprintln(os.Stderr, "netstack:", err)
			}
		})
	}
	if *traffic {
		work.Go(func() { pingAll(ctx, l) })
	}
	server := &http.Server{Handler: web.Handler(l)}
	context.AfterFunc(ctx, func() { _ = server.Close() })
	fmt.Printf("http://%s/ until interrupted\n", at.Addr())
	if err := server.Serve(at); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// pingAll has the nodes ping each other's addresses, in turn.
func pingAll(ctx context.Context, l *lab.Lab) {
	for i := 0; ; i++ {
		select {
		case <-ctx.Done():
			return
		case <-time.After(20 * time.Millisecond):
		}
		if len(l.Links) == 0 {
			continue
		}
		from, link := l.Nodes[i%len(l.Nodes)], l.Links[i/len(l.Nodes)%len(l.Links)].Link
		to := link.A.Addr
		if i%2 == 0 {
			to = link.B.Addr
		}
		if to.IsValid() && from.State() == vimage.Live {
			_ = from.Run(io.Discard, "ping", "-c", "1", "-W", "100ms", to.Addr().String()) // to some there may be no way
		}
	}
}
