package generate

import (
	"bytes"
	"context"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-vimage/vimage/gen"
	"github.com/go-vimage/vimage/gen/emit"
	"github.com/go-vimage/vimage/gen/plan"
)

// An outcome is what one configuration makes of the packages.
type outcome struct {
	config  *config
	scope   []string          // packages in scope that it builds
	built   map[string]bool   // paths of their files
	edited  map[string][]byte // as gen.Commitment has them
	added   map[string]gen.File
	virtual map[plan.Key]string // the virtual variables, with their reasons
	names   map[string]bool     // their names
}

func configNames(made []*outcome) string {
	var all []string
	for _, o := range made {
		all = append(all, o.config.String())
	}
	return strings.Join(all, "; ")
}

// outcomes plans and rewrites all configurations. A variable that is virtual in
// one is virtual in all, which can make others virtual: a configuration is
// planned again until none has a virtual variable that another lacks.
func (g *generator) outcomes(ctx context.Context, configs []*config) ([]*outcome, error) {
	made := make([]*outcome, len(configs))
	virtual := map[plan.Key]string{}
	declared := make([]map[plan.Key]bool, len(configs))
	for again := true; again; {
		again = false
		for i, c := range configs {
			if o := made[i]; o != nil && !lacks(o, virtual, declared[i]) {
				continue
			}
			again = again || made[i] != nil
			o, p, err := g.outcome(ctx, c, virtual)
			if err != nil || g.res.Problems != nil || g.res.Refused != nil {
				return nil, err
			}
			declared[i] = map[plan.Key]bool{}
			for _, pkg := range p.Order {
				for _, v := range pkg.Vars {
					declared[i][v.Key] = true
				}
			}
			made[i] = o
			for k, reason := range o.virtual {
				if _, ok := virtual[k]; !ok {
					virtual[k] = "in " + c.String() + ": " + reason
				}
			}
		}
		if !again {
			again = slices.ContainsFunc(configs, func(c *config) bool {
				i := slices.Index(configs, c)
				return lacks(made[i], virtual, declared[i])
			})
		}
	}
	slices.Sort(g.res.Notes)
	g.res.Notes = slices.Compact(g.res.Notes)
	slices.Sort(g.res.Findings)
	g.res.Findings = slices.Compact(g.res.Findings)
	slices.Sort(g.res.Mentions)
	g.res.Mentions = slices.Compact(g.res.Mentions)
	return made, nil
}

// lacks reports whether an outcome declares a variable that is virtual
// elsewhere and not in it.
func lacks(o *outcome, virtual map[plan.Key]string, declared map[plan.Key]bool) bool {
	for k := range virtual {
		if _, ok := o.virtual[k]; !ok && declared[k] {
			return true
		}
	}
	return false
}

// outcome plans and rewrites one configuration.
func (g *generator) outcome(ctx context.Context, c *config, virtual map[plan.Key]string) (*outcome, *plan.Plan, error) {
	all, err := g.goList(ctx, c, g.modules...)
	if err != nil {
		return nil, nil, err
	}
	o := &outcome{config: c, built: map[string]bool{}, virtual: map[plan.Key]string{}, names: map[string]bool{}}
	var patterns []string
	names := map[string]bool{}
	for _, p := range all {
		if p.Error != nil && len(p.files()) == 0 {
			continue
		}
		patterns = append(patterns, p.ImportPath)
		if g.scope[p.ImportPath] == nil {
			continue
		}
		o.scope = append(o.scope, p.ImportPath)
		names[p.ImportPath], names[p.ImportPath+"_test"] = true, true
		for _, name := range p.files() {
			o.built[filepath.Join(p.Dir, name)] = true
		}
	}
	made, err := g.commit(ctx, gen.Request{
		Dir: g.req.Dir, Env: c.env(g.req.Env), Flags: c.flags(g.req.Flags), Patterns: patterns,
		Tests: true, Modules: g.req.Modules,
		Committed: &plan.Committed{
			Adopted: func(path string) bool { return names[path] }, Virtual: maps.Clone(virtual),
			Accessors: strings.TrimSuffix(emit.PlainName, ".go"),
		},
		Emitters: g.req.Emitters,
		Progress: g.req.Progress, Count: g.req.Count, Trace: g.req.Trace,
	})
	if err != nil {
		return nil, nil, err
	}
	g.res.Problems = made.Problems
	for _, r := range made.Refused {
		g.res.Refused = append(g.res.Refused, r.String())
	}
	if g.res.Problems != nil || g.res.Refused != nil {
		return nil, nil, nil
	}
	o.edited, o.added = made.Edited, made.Added
	for _, pkg := range made.Plan.Order {
		for _, v := range pkg.Vars {
			if v.Fate == plan.Virtual {
				o.virtual[v.Key], o.names[v.Name] = v.Reason, true
			}
		}
	}
	g.notes(made.Plan)
	g.strangers(made.Plan)
	return o, made.Plan, nil
}

// textOf returns a file's text in the vimage build, whether that differs from
// the author's, and whether a configuration builds it. A file whose text would
// depend on the configuration is refused.
func (g *generator) textOf(f *folder, name string, made []*outcome) (text []byte, changes, built bool) {
	path := filepath.Join(f.Dir, name)
	text = f.files[name]
	var first *outcome
	for _, o := range made {
		if !o.built[path] {
			continue
		}
		own, edited := o.edited[path]
		if !edited {
			own = f.files[name]
		}
		if first == nil {
			first, text = o, own
		} else if !bytes.Equal(text, own) {
			g.refuse(path, "its vimage build would differ between %s and %s", first.config, o.config)
			return text, true, true
		}
		changes = changes || edited
	}
	return text, changes, first != nil
}

// addedTo returns the files of a package that no author's file stands for.
func (g *generator) addedTo(f *folder, made []*outcome) map[string]addedFile {
	byBase := map[string][]addedFile{}
	builds := 0
	for _, o := range made {
		if !slices.Contains(o.scope, f.ImportPath) {
			continue
		}
		builds++
		for _, path := range sortedKeys(o.added) {
			if filepath.Dir(path) != f.Dir {
				continue
			}
			file := o.added[path]
			base, text := file.Name, string(file.Text)
			i := slices.IndexFunc(byBase[base], func(a addedFile) bool { return a.text == text && a.plain == file.Plain })
			if i < 0 {
				byBase[base] = append(byBase[base], addedFile{text: text, plain: file.Plain})
				i = len(byBase[base]) - 1
			}
			byBase[base][i].configs = append(byBase[base][i].configs, o.config)
		}
	}
	out := map[string]addedFile{}
	for base, files := range byBase {
		maps.Copy(out, named(base, files, builds))
	}
	return out
}
