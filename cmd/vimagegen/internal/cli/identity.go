package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/go-vimage/vimage/gen/identity"
	"github.com/go-vimage/vimage/gen/rewrite"
)

// identity compares the machine code of two builds.
func (t *tool) identity(ctx context.Context, args []string) error {
	own := map[string]bool{"from": false, "to": false, "base": false, "level": false, "json": true, "deps": true, "tests": true}
	c, line, err := ownLine("identity", t.dir, args, own)
	if err != nil {
		return err
	}
	cfg := identity.Config{From: identity.Plain, To: rewrite.Nop, Listings: true, Deps: line.Bool("deps"), Tests: line.Bool("tests")}
	for flag, mode := range map[string]*rewrite.Build{"from": &cfg.From, "to": &cfg.To} {
		if v, ok := line.Last(flag); ok {
			if *mode, err = parseMode(flag, v); err != nil {
				return err
			}
		}
	}
	cfg.Base, _ = line.Last("base")
	if _, from := line.Last("from"); cfg.Base != "" && from {
		return usageError{"-base and -from cannot be used together: both say what is on the left side"}
	}
	if v, to := line.Last("to"); cfg.Base != "" && to && v != string(plain) {
		return usageError{"-base compares plain builds"}
	}
	level, ok := line.Last("level")
	switch {
	case !ok && cfg.Base == "" && (cfg.From == rewrite.Static || cfg.To == rewrite.Static):
		level = "addresses"
	case !ok:
		level = "identical"
	case level != "identical" && level != "addresses":
		return usageError{fmt.Sprintf("invalid value %q for flag -level: want identical or addresses", level)}
	}
	if cfg.Base == "" && cfg.From == cfg.To {
		return usageError{"-from and -to name the same build"}
	}
	if cfg.Base == "" && cfg.From != identity.Plain && cfg.To != identity.Plain {
		return usageError{"one of the two builds must be plain: names are known from there"}
	}
	if err := t.enter(ctx, c); err != nil {
		return err
	}
	if cfg.From != identity.Plain { // names are mapped from right to left
		cfg.From, cfg.To = cfg.To, cfg.From
	}
	cfg.Verdicts = t.verdicts(c)
	cfg.Embedexec = []string{t.self, verbEmbed}
	cfg.Dir, cfg.Env, cfg.Flags, cfg.Patterns = c.dir, t.env, slices.Concat(c.loading()), c.packages()
	if len(cfg.Patterns) == 0 {
		cfg.Patterns = []string{"."}
	}
	prog := startProgress(os.Stderr, line.Bool("json") || c.flag("x"))
	defer prog.stop()
	cfg.Progress, cfg.Trace = prog.step, func(args []string) { t.trace(c, args) }
	r, err := identity.Compare(ctx, cfg)
	prog.stop()
	if err != nil {
		return failed(c, err)
	}
	return answer(r, line.Bool("json"), r.OK(level == "addresses"), func(w io.Writer) error { return identity.WriteText(w, r) })
}
