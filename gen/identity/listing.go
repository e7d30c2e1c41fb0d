package identity

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/go-vimage/vimage/gen/objects"
)

// An instruction is a line of the compiler's listing.
type instruction struct {
	file string
	line int
	text string // as it is shown
	key  string // as it is compared: targets of jumps left out, symbols by their names on the left side
}

// listing has a package compiled once more with -S, and returns its functions.
func (s *side) listing(ctx context.Context, cfg Config, u *unit, name func(string) string) (map[string][]instruction, error) {
	out, err := s.diagnostics(ctx, cfg, u, "-S")
	if err != nil {
		return nil, err
	}
	functions := map[string][]instruction{}
	current := ""
	for line := range strings.Lines(out) {
		line = strings.TrimRight(line, "\n")
		if !strings.HasPrefix(line, "\t") {
			current = ""
			if name, _, ok := strings.Cut(line, " STEXT "); ok && functions[name] == nil {
				current = name
			}
			continue
		}
		m := listed1.FindStringSubmatch(line)
		if current == "" || m == nil || m[3] == "PCDATA" || m[3] == "FUNCDATA" || m[3] == "TEXT" || m[3] == "NOP" {
			continue
		}
		n, _ := strconv.Atoi(m[2])
		i := instruction{file: m[1], line: n, text: m[3]}
		if m[4] != "" {
			i.text += " " + strings.ReplaceAll(m[4], u.prefix, "")
		}
		i.key = m[3] + " " + symbolOperand.ReplaceAllStringFunc(m[4], name)
		if number.MatchString(m[4]) {
			i.key = m[3]
		}
		functions[current] = append(functions[current], i)
	}
	return functions, nil
}

var (
	listed1       = regexp.MustCompile(`^\t0x[0-9a-f]+ \d+ \(([^()\[\]]*):(\d+)(?:\[[^\]]*\])?\)\t(\S+)\t?(.*)$`)
	symbolOperand = regexp.MustCompile(`[^\s,$]+\(SB\)`)
	number        = regexp.MustCompile(`^\d+$`)
)

// diagnostics has the compiler say more of one package.
func (s *side) diagnostics(ctx context.Context, cfg Config, u *unit, flag string) (string, error) {
	args := []string{"list", "-export", "-f", "{{.ImportPath}}"}
	patterns := []string{u.pkg.path()}
	if u.pkg.ForTest != "" || u.pkg.DepOnly && cfg.Tests {
		args = append(args, "-test")
	}
	switch {
	case u.pkg.DepOnly:
		// The go command does not take the path of a package whose module
		// go.mod does not name, which module graph pruning allows for a
		// dependency.
		args, patterns = append(args, "-deps"), cfg.Patterns
	case u.pkg.path() == "command-line-arguments":
		patterns = cfg.Patterns
	case u.pkg.ForTest != "":
		patterns = []string{u.pkg.ForTest}
	}
	flags := slices.DeleteFunc(slices.Clone(s.flags), func(f string) bool {
		return strings.HasPrefix(strings.TrimLeft(f, "-"), "gcflags")
	})
	all := slices.Concat(args, flags, s.work.Flags, s.gcflags(u.pkg.path(), flag), []string{"--"}, patterns)
	_, stderr, err := objects.Run(ctx, s.goCommand(), all)
	if err != nil {
		return "", err
	}
	// Of the variants of a package each has a heading.
	for part := range strings.SplitSeq("\n"+string(stderr), "\n# ") {
		heading, text, _ := strings.Cut(part, "\n")
		if heading == u.pkg.ImportPath {
			return text, nil
		}
	}
	return "", nil
}

// list gives each differing function the instructions of both sides, and each
// datum its bytes.
func list(ctx context.Context, cfg Config, a, b *side, p *pair, pkg *Package) error {
	any := slices.ContainsFunc(slices.Concat(pkg.Differences, pkg.Inlined, pkg.Chosen), func(d Difference) bool { return d.Kind == "function" })
	var left, right map[string][]instruction
	if any {
		var err error
		if left, err = a.listing(ctx, cfg, p.a, func(s string) string { return s }); err != nil {
			return err
		}
		if right, err = b.listing(ctx, cfg, p.b, p.operand); err != nil {
			return err
		}
	}
	src := sources{left: p.a.pkg, right: p.b.pkg, lines: map[string][]string{}}
	if b.mode != Plain { // its lines are the author's
		src.right = p.a.pkg
	}
	for _, ds := range [][]Difference{pkg.Differences, pkg.Inlined, pkg.Chosen} {
		for i := range ds {
			d := &ds[i]
			if d.Kind != "function" {
				d.Listing = p.bytes(d)
				continue
			}
			l, r := left[bare(d.Symbol)], right[bare(d.nameB)]
			d.Listing = sideBySide(l, r, src)
			if b.mode == "static" && d.Why != causeBackEnd && d.Why != causeLowering && len(l) > 0 && len(r) > 0 {
				d.Why = cmp.Or(cause(l, r), d.Why)
			}
		}
	}
	return nil
}

// bare is a symbol's name without what was added to tell it from another.
func bare(name string) string {
	return regexp.MustCompile(`(#\d+|<\d+>)$`).ReplaceAllString(name, "")
}

// operand names a symbol of b's, with an offset, as a knows it.
func (p *pair) operand(s string) string {
	name, offset := strings.TrimSuffix(s, "(SB)"), int64(0)
	if i := strings.LastIndexAny(name, "+-"); i > 0 {
		if n, err := strconv.ParseInt(name[i:], 10, 64); err == nil {
			name, offset = name[:i], n
		}
	}
	if fields := p.fields[name]; fields != nil {
		name, offset = inField(fields, offset)
	} else {
		name = p.name(name)
	}
	if offset != 0 {
		name += fmt.Sprintf("%+d", offset)
	}
	return name + "(SB)"
}

// bytes shows where two data differ first.
func (p *pair) bytes(d *Difference) []string {
	var a, b []byte
	for k, s := range p.a.symbols {
		if k.name == d.Symbol {
			a = s.Data
		}
	}
	for k, s := range p.b.symbols {
		if k.name == d.nameB {
			b = s.Data
		}
	}
	if d.nameB == "" || len(a) == 0 && len(b) == 0 {
		return nil
	}
	at := 0
	for at < len(a) && at < len(b) && a[at] == b[at] {
		at++
	}
	if at == max(len(a), len(b)) {
		return nil
	}
	at &^= 7
	piece := func(x []byte) string {
		if at >= len(x) {
			return "(zero)"
		}
		x = x[at:min(at+16, len(x))]
		return fmt.Sprintf("% x  %q", x, x)
	}
	return []string{fmt.Sprintf("from byte %d:", at), "< " + piece(a), "> " + piece(b)}
}

// sources are the lines of source that listings name.
type sources struct {
	left, right *listed
	lines       map[string][]string
}

// line returns a line of a file that the compiler named, if it is the package's own, else "".
func (s sources) line(l *listed, file string, n int) string {
	base := path.Base(filepath.ToSlash(file))
	if !slices.Contains(l.GoFiles, base) && !slices.Contains(l.CgoFiles, base) ||
		!strings.HasSuffix(version.ReplaceAllString(path.Dir(file), ""), l.path()) && l.path() != "command-line-arguments" && l.ForTest == "" {
		return ""
	}
	full := filepath.Join(l.Dir, base)
	if s.lines[full] == nil {
		data, err := os.ReadFile(full)
		if err != nil {
			return ""
		}
		s.lines[full] = strings.Split(string(data), "\n")
	}
	if n < 1 || n > len(s.lines[full]) {
		return ""
	}
	return strings.TrimSpace(s.lines[full][n-1])
}

var version = regexp.MustCompile(`@[^/]+`)
