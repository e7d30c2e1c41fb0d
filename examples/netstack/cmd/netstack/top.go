package main

import (
	"cmp"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/go-vimage/vimage/examples/netstack/lab"
)

// runTop shows the rates of a lab that another process serves by netstack http, the
// busiest interfaces first.
func runTop(flags *flag.FlagSet, args []string) error {
	interval := flags.Duration("i", time.Second, "")
	count := flags.Int("n", 0, "")
	if flags.Parse(args) != nil || flags.NArg() > 1 || *interval <= 0 || *count < 0 {
		return errUsage{}
	}
	addr := cmp.Or(flags.Arg(0), "localhost:8080")
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	last, err := fetch(ctx, addr)
	if err != nil {
		return err
	}
	clear := ""
	if info, err := os.Stdout.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
		clear = "\x1b[H\x1b[2J"
	}
	for i := 0; *count == 0 || i < *count; i++ {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(*interval):
		}
		now, err := fetch(ctx, addr)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return err
		}
		fmt.Print(clear, rates(last, now))
		last = now
	}
	return nil
}

func fetch(ctx context.Context, addr string) (*lab.Snapshot, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+addr+"/json", nil)
	if err != nil {
		return nil, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	s := new(lab.Snapshot)
	if err := json.NewDecoder(resp.Body).Decode(s); err != nil {
		return nil, fmt.Errorf("%s is no netstack http: %w", addr, err)
	}
	return s, nil
}

// shown is how many interfaces a screen has.
const shown = 30

// rates returns what changed between two snapshots.
func rates(was, now *lab.Snapshot) string {
	type row struct {
		node string
		lab.IfStat
		in, out, inBits, outBits float64
	}
	before := map[string]lab.IfStat{}
	for _, n := range was.Nodes {
		for _, i := range n.Interfaces {
			before[n.Name+":"+i.Name] = i
		}
	}
	seconds := now.Time.Sub(was.Time).Seconds()
	var rows []row
	live, goroutines := 0, 0
	for _, n := range now.Nodes {
		if n.State == "live" {
			live++
		}
		goroutines += n.Goroutines
		for _, i := range n.Interfaces {
			b, ok := before[n.Name+":"+i.Name]
			if !ok {
				b = i
			}
			rate := func(now, was uint64) float64 { return float64(now-was) / seconds }
			rows = append(rows, row{
				n.Name, i, rate(i.Ipackets, b.Ipackets), rate(i.Opackets, b.Opackets),
				8 * rate(i.Ibytes, b.Ibytes), 8 * rate(i.Obytes, b.Obytes),
			})
		}
	}
	slices.SortStableFunc(rows, func(a, b row) int { return cmp.Compare(b.in+b.out, a.in+a.out) })
	var b strings.Builder
	fmt.Fprintf(&b, "%s  %d images, %d live, %d goroutines\n", now.Time.Format(time.TimeOnly), len(now.Nodes), live, goroutines)
	t := tabwriter.NewWriter(&b, 0, 8, 2, ' ', 0)
	fmt.Fprintln(t, "Node\tIf\tAddress\tIn/s\tIn kbit/s\tOut/s\tOut kbit/s\tIn\tOut\tDrop")
	for _, r := range rows[:min(len(rows), shown)] {
		fmt.Fprintf(t, "%s\t%s\t%s\t%.0f\t%.0f\t%.0f\t%.0f\t%d\t%d\t%d\n", r.node, r.Name, cmp.Or(r.Addr, "-"),
			r.in, r.inBits/1000, r.out, r.outBits/1000, r.Ipackets, r.Opackets, r.Idrops+r.Odrops)
	}
	t.Flush()
	return b.String()
}
