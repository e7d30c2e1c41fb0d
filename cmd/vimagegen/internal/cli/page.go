package cli

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/go-vimage/vimage/runtime/vdso/page"
)

// page prints a shared page, or watches it.
func (t *tool) page(ctx context.Context, args []string) error {
	set := flag.NewFlagSet("page", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	asJSON := set.Bool("json", false, "")
	watch := set.Bool("watch", false, "")
	every := set.Duration("every", time.Second, "")
	if err := set.Parse(args); errors.Is(err, flag.ErrHelp) {
		return t.help(ctx, []string{"page"})
	} else if err != nil {
		return usageError{err.Error()}
	}
	switch {
	case set.NArg() != 1:
		return usageError{"page: want one page, by its name or path"}
	case *every < 10*time.Millisecond:
		return usageError{"page: -every has to be at least 10ms"}
	}
	path := set.Arg(0)
	if !strings.ContainsRune(path, os.PathSeparator) {
		path = page.Path(path)
	}
	live := *watch && !*asJSON && isTerminal(os.Stdout)
	for {
		info, err := page.Inspect(path)
		switch {
		case err != nil && !*watch:
			return inputError{err}
		case err != nil && errors.Is(err, fs.ErrNotExist):
			info = &page.Info{State: "absent"}
		case err != nil:
			info = &page.Info{State: err.Error()}
		}
		if live {
			fmt.Print("\x1b[H\x1b[2J")
		}
		if err := printPage(os.Stdout, path, info, *asJSON); err != nil {
			return err
		}
		if !*watch {
			if info.State != "live" {
				return statusError(exitFailed)
			}
			return nil
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(*every):
		}
	}
}

// printPage prints a page once: with -json as one line.
func printPage(w io.Writer, path string, info *page.Info, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(w).Encode(info)
	}
	fmt.Fprintf(w, "%s: %s\n", path, info.State)
	if info.Name == "" {
		return nil
	}
	fmt.Fprintf(w, "page %s version %s, generation %d, by process %d since %s, last beat %v ago\n\n",
		info.Name, info.Version,
		info.Number, info.Pid, info.Created.Format(time.DateTime), info.Beat.Round(time.Millisecond))
	tw := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	for _, v := range info.Values {
		fmt.Fprintf(tw, "%s\t%s\t%s\t%v\n", v.Name, v.Type, v.Version, shown(v.Value))
	}
	return tw.Flush()
}

// shown quotes strings, so that a hostile one does not reach the terminal.
func shown(v any) any {
	if s, ok := v.(string); ok {
		return fmt.Sprintf("%+q", s)
	}
	return v
}
