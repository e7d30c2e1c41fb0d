package identity

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/go-vimage/vimage/gen/objects/objfile"
	"github.com/go-vimage/vimage/gen/rewrite"
	"github.com/go-vimage/vimage/gen/verdicts"
)

// Config says what is compared.
type Config struct {
	Dir      string   // where the user stands
	Env      []string // the user's environment
	Flags    []string // the user's build flags
	Patterns []string
	From, To rewrite.Build // two builds; Plain is one
	Base     string        // a git revision, in the place of From; then both are plain
	Deps     bool          // with what the packages import, outside of the standard library
	Tests    bool          // with the packages' tests
	// Listings has each difference shown with the instructions of both sides.
	Listings bool

	Embedexec []string // see workspace.Config, for programs that embed Go files; may be nil
	// Verdicts keeps the proof's results between runs; nil for no results.
	Verdicts verdicts.Store

	Progress func(step string)   // may be nil
	Trace    func(args []string) // shown every go command before it runs; nil for none
}

// Compare compiles both sides and compares them.
func Compare(ctx context.Context, cfg Config) (*Report, error) {
	step := func(s string) {
		if cfg.Progress != nil {
			cfg.Progress(s)
		}
	}
	var a, b *side
	var err error
	if cfg.Base != "" {
		a, err = openRevision(ctx, cfg)
	} else {
		a, err = open(ctx, cfg, cfg.From, cfg.Dir)
	}
	if err != nil {
		return nil, err
	}
	defer a.clean()
	to := cfg.To
	if cfg.Base != "" {
		to = Plain
	}
	if b, err = open(ctx, cfg, to, cfg.Dir); err != nil {
		return nil, err
	}
	defer b.clean()
	if cfg.Base != "" {
		b.label = "the working tree"
	}
	step("compiling " + a.label)
	left, err := a.compile(ctx, cfg)
	if err != nil {
		return nil, err
	}
	step("compiling " + b.label)
	right, err := b.compile(ctx, cfg)
	if err != nil {
		return nil, err
	}
	step("comparing")
	r := &Report{From: a.label, To: b.label}
	byPath := map[string]*listed{}
	for _, l := range right {
		byPath[l.ImportPath] = l
	}
	var found map[string]map[string]string
	if cfg.Base != "" {
		if found, err = renames(left, byPath); err != nil {
			return nil, err
		}
	}
	for _, l := range left {
		other := byPath[l.ImportPath]
		delete(byPath, l.ImportPath)
		if other == nil {
			r.Missing = append(r.Missing, l.ImportPath+": only in "+a.label)
			continue
		}
		p := &pair{revisions: cfg.Base != ""}
		pkg, err := p.comparePackage(l, other, b.names, visible(found, l.ImportPath))
		if err != nil {
			return nil, err
		}
		if len(pkg.Differences) > 0 && b.mode == rewrite.Static {
			if err := a.blameInliner(ctx, cfg, b, p, pkg); err != nil {
				return nil, err
			}
			if err := a.blameChoices(ctx, cfg, b, p, pkg); err != nil {
				return nil, err
			}
			p.takeTables(pkg)
		}
		if cfg.Listings && len(pkg.Differences)+len(pkg.Inlined)+len(pkg.Chosen) > 0 {
			if err := list(ctx, cfg, a, b, p, pkg); err != nil {
				return nil, err
			}
		}
		if b.mode == rewrite.Static {
			r.addCauses(pkg)
		}
		r.Packages = append(r.Packages, pkg)
		r.Total.add(pkg.Counts)
	}
	for _, path := range slices.Sorted(maps.Keys(byPath)) {
		r.Missing = append(r.Missing, path+": only in "+b.label)
	}
	return r, nil
}

// addCauses sorts a package's differences.
func (r *Report) addCauses(pkg *Package) {
	if r.Causes == nil {
		r.Causes = map[string]int{}
	}
	for _, d := range pkg.Differences {
		switch {
		case d.Kind != "function":
			r.Causes["data"]++
		case d.Why == causeMarks || d.Why == causeOrder:
			r.Causes[d.Why]++
		default:
			r.Causes["other instructions"]++
		}
	}
	for _, d := range pkg.Chosen {
		if d.Kind == "function" { // tables of jumps are theirs
			r.Causes[d.Why]++
		}
	}
	if n := len(pkg.Inlined); n > 0 {
		r.Causes["the inliner's budget"] += n
	}
}

// comparePackage compares one package's objects. What is renamed goes by the
// name that it has on the left side.
func (p *pair) comparePackage(l, m *listed, names []rewrite.Name, renamed map[string]string) (*Package, error) {
	a, err := readUnit(l)
	if err != nil {
		return nil, err
	}
	b, err := readUnit(m)
	if err != nil {
		return nil, err
	}
	maps.Copy(b.renamed, renamed)
	p.a, p.b, p.names, p.fields = a, b, map[string]string{}, map[string]map[string]field{}
	own := false // the package has a struct, or functions that stand for initialisers
	for _, n := range names {
		prefix := objfile.Path(n.Pkg) + "."
		if n.Pkg == l.path() {
			prefix = a.prefix
		}
		if !n.Field {
			p.names[prefix+n.New] = prefix + n.Old
			continue
		}
		own = own || n.Pkg == l.path()
		if p.fields[prefix+n.New] == nil {
			p.fields[prefix+n.New] = map[string]field{}
		}
		p.fields[prefix+n.New][prefix+n.Old] = field{n.Offset, n.Size}
	}
	for k := range b.symbols {
		own = own || len(p.fields) > 0 && strings.HasPrefix(k.name, b.prefix+"vnet_")
	}
	p.cut()
	p.pairClosures()
	if p.revisions {
		p.findAccessors()
	}
	p.findUnused()
	pkg := &Package{Path: l.ImportPath}
	p.all(pkg, own)
	pkg.Renamed = told(b, renamed)
	return pkg, nil
}

// cut takes the struct of the static build apart: each field is compared as the
// variable that it was.
func (p *pair) cut() {
	for name, fields := range p.fields {
		k := key{name, 0}
		s := p.b.symbols[k]
		if s == nil {
			continue
		}
		delete(p.b.symbols, k)
		for variable, f := range fields {
			piece := &objfile.Symbol{Name: variable, Kind: s.Kind, Size: uint32(f.size), Align: s.Align, Flag: s.Flag, Flag2: s.Flag2}
			if f.offset < int64(len(s.Data)) {
				piece.Data = s.Data[f.offset:min(int64(len(s.Data)), f.offset+f.size)]
			}
			for _, r := range s.Relocs {
				if int64(r.Off) >= f.offset && int64(r.Off) < f.offset+f.size {
					r.Off -= int32(f.offset)
					piece.Relocs = append(piece.Relocs, r)
				}
			}
			p.b.symbols[key{variable, 0}] = piece
		}
	}
}

// pairClosures finds which closures of package-level initialisers are the same:
// their numbers go through the whole package, and in the static build they are
// named for the function that the initialiser has become. They are told by
// where they begin, or else by what they hold.
func (p *pair) pairClosures() {
	find := func(u *unit, where func(*objfile.Symbol) string) map[string][]string {
		out := map[string][]string{}
		for _, k := range sortedKeys(u.symbols) {
			s := u.symbols[k]
			if local, ok := strings.CutPrefix(s.Name, u.prefix); ok && s.Kind.IsText() && closure.MatchString(local) {
				out[where(s)] = append(out[where(s)], s.Name)
			}
		}
		return out
	}
	place := func(s *objfile.Symbol) string { return fmt.Sprintf("%s:%d", s.File, s.Line) }
	if len(p.fields) == 0 {
		if len(p.names) > 0 {
			return // nop: the names are the same
		}
		left := find(p.a, func(s *objfile.Symbol) string { return p.a.hash(s, nil, nil) })
		for h, names := range find(p.b, func(s *objfile.Symbol) string { return p.b.hash(s, p, nil) }) {
			p.rename(left[h], names)
		}
		return
	}
	left := find(p.a, place)
	for at, names := range find(p.b, place) {
		if len(names) > len(left[at]) { // where the function is inlined, its own copy is of no use
			names = slices.DeleteFunc(names, func(n string) bool {
				local := strings.TrimPrefix(n, p.b.prefix)
				return strings.HasPrefix(local, "vnet_")
			})
		}
		p.rename(left[at], names)
	}
}

// rename has symbols of b's go by the names that they have in a, if there are
// as many.
func (p *pair) rename(a, b []string) {
	if len(a) != len(b) {
		return
	}
	for i, name := range b {
		p.b.renamed[name] = a[i]
	}
}

// all compares every symbol.
func (p *pair) all(pkg *Package, own bool) {
	right := map[key]*objfile.Symbol{}
	names := map[key]string{}
	for k, s := range p.b.symbols {
		k2 := key{p.name(k.name), k.abi}
		right[k2], names[k2] = s, k.name
	}
	for _, k := range sortedKeys(p.a.symbols) {
		a, b := p.a.symbols[k], right[k]
		delete(right, k)
		if nameless.MatchString(a.Name) {
			continue
		}
		d := Difference{Symbol: k.name, nameB: names[k], File: a.File, Line: a.Line}
		if b == nil {
			d.Why = "only on the left side"
			p.count(pkg, a, nil, d, different, own)
			continue
		}
		if piece := p.isField(k.name); piece {
			c := *a // which memory it lies in, and how that is aligned, is the struct's affair
			c.Kind, c.Flag, c.Flag2, c.Align = b.Kind, b.Flag, b.Flag2, b.Align
			c.Data, b.Data = bytes.TrimRight(a.Data, "\x00"), bytes.TrimRight(b.Data, "\x00")
			a = &c
		}
		v, why := p.symbols(a, b)
		d.Why = why
		p.count(pkg, a, b, d, v, own)
	}
	for _, k := range sortedKeys(right) {
		if s := right[k]; p.added[s.Name] {
			if s.Kind.IsText() {
				pkg.Accessors++
				pkg.Added = append(pkg.Added, s.Name)
			}
		} else if p.unused[s.Name] {
			pkg.Unused++
		} else if !nameless.MatchString(s.Name) {
			p.count(pkg, s, nil, Difference{Symbol: k.name, nameB: names[k], Why: "only on the right side", File: s.File, Line: s.Line}, different, own)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(p.a.native)) {
		pkg.Data++
		if other, ok := p.b.native[name]; !ok || !bytes.Equal(p.a.native[name], other) {
			pkg.DataDifferent++
			pkg.Differences = append(pkg.Differences, Difference{Symbol: name, Kind: "object", Why: "content"})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(p.b.native)) {
		if _, ok := p.a.native[name]; !ok {
			pkg.Data, pkg.DataDifferent = pkg.Data+1, pkg.DataDifferent+1
			pkg.Differences = append(pkg.Differences, Difference{Symbol: name, Kind: "object", Why: "only on the right side"})
		}
	}
}

// isField reports whether a variable of a's stands in a struct of b's.
func (p *pair) isField(name string) bool {
	for _, fields := range p.fields {
		if _, ok := fields[name]; ok {
			return true
		}
	}
	return false
}

// count enters a verdict. Types that one side alone describes are those of
// values that are laid out there. A variable that is zero in the struct, and
// has a value of the compiler's on the other side, gets that at start.
func (p *pair) count(pkg *Package, s, b *objfile.Symbol, d Difference, v verdict, own bool) {
	local := strings.TrimPrefix(d.Symbol, p.a.prefix)
	alone := b == nil
	describes := alone && (s.Kind == objfile.ROData && s.Flag&objfile.Dupok != 0 || strings.HasPrefix(d.Symbol, "type:"))
	setUp := own && v == different && (describes || isSetUp(local, alone) || b != nil && p.isField(d.Symbol) && len(b.Data) == 0 && len(b.Relocs) == 0)
	if s.Kind.IsText() {
		d.Kind = "function"
	} else {
		d.Kind = "data"
		if s.Kind == objfile.ROData || s.Kind == objfile.ROData+1 {
			d.Kind = "rodata"
		}
	}
	switch {
	case setUp:
		pkg.Start++
		pkg.SetUp = append(pkg.SetUp, d)
		return
	case d.Kind != "function":
		pkg.Data++
		if v == different {
			pkg.DataDifferent++
			pkg.Differences = append(pkg.Differences, d)
		}
		return
	}
	pkg.Functions++
	switch v {
	case identical:
		pkg.Identical++
	case addresses:
		pkg.Addresses++
	default:
		pkg.Different++
		pkg.Differences = append(pkg.Differences, d)
	}
}

// isSetUp reports whether a function or datum fills the static build's struct.
// Map literals that are outlined of initialisers are numbered through the
// package.
func isSetUp(local string, alone bool) bool {
	return local == "init" || local == ".inittask" || strings.HasPrefix(local, "map.init.") ||
		strings.HasPrefix(local, "vnet_") && strings.Contains(local, "_init_") ||
		alone && closure.MatchString(local)
}

// CompareObjects compares two objects of one package, both plain.
func CompareObjects(path, name, left, right string) (*Package, error) {
	l, m := listed{ImportPath: path, Name: name, Export: left}, listed{ImportPath: path, Name: name, Export: right}
	return new(pair).comparePackage(&l, &m, nil, nil)
}
