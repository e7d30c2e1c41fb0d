package gen

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-vimage/vimage/gen/cutoff"
	"github.com/go-vimage/vimage/gen/fingerprint"
	"github.com/go-vimage/vimage/gen/listings"
	"github.com/go-vimage/vimage/gen/load"
	"github.com/go-vimage/vimage/gen/plan"
	"github.com/go-vimage/vimage/gen/verdicts"
	"github.com/go-vimage/vimage/gen/workspace"
)

// ErrKnown is Generate's error for a program whose result its caller has.
var ErrKnown = errors.New("the result is known")

// An Identity identifies a Result that is not made yet.
type Identity struct {
	ID string // of all that decides the Result
	// Sources are the Go files that people edit, as they were when ID was made,
	// and Frame is the identity of all the rest. See package cutoff.
	Sources []cutoff.Source
	Frame   string
	listed  string // of what go list reads
}

// Identify returns the identity that Generate would call req.Known with, now.
// A result is of one state of the files if the identity was the same before
// Generate read them and afterwards.
func Identify(ctx context.Context, req Request) (id *Identity, err error) {
	req.Known = func(i *Identity) bool {
		id = i
		return true
	}
	req.Progress, req.Count = nil, nil
	if _, err = analyze(ctx, req, 0); errors.Is(err, ErrKnown) {
		err = nil
	}
	return id, err
}

// list returns the list of a program's packages, with its identity if somebody
// asks for that. Where slots are linked, it is not kept: the files that stand in
// for others depend on it.
func list(ctx context.Context, req Request, env *workspace.Environment, cfg *load.Config, links bool) (
	*load.Listing, *Identity, error,
) {
	cache := req.Listings
	if links {
		cache = nil
	}
	modfile, _ := env.User.Last("modfile")
	if modfile != "" {
		modfile = workspace.AbsFrom(req.Dir, modfile)
	}
	var id *Identity // of the list that was identified last, which is that returned
	l, _, err := cache.List(ctx, &listings.Query{
		Config: cfg, Patterns: req.Patterns, Key: asked(req, env, cfg).String(),
		GOMOD: env.GOMOD, GOWORK: env.GOWORK, GOMODCACHE: env.GOMODCACHE, Modfile: modfile,
		Identify: func(l *load.Listing) (_ string, err error) {
			if req.Known == nil && cache == nil {
				return "", nil
			}
			if id, err = identify(req, env, cfg, l); err != nil {
				return "", err
			}
			return id.listed, nil
		},
	})
	return l, id, err
}

// identify returns the identity of all that decides a Result:
//
//   - the request, the environment of the go command and its configuration file;
//   - the go command's list of the program's packages and their files, which
//     names what cgo made by the hashes of its contents;
//   - the contents of the files in main modules and their local replacements,
//     vendored ones included, and of what stands for them in an overlay;
//   - the size and time of the files of the standard library and of the module
//     cache, which only tools change;
//   - vimage.settings, go.mod, and the profiles that the compiler reads.
//
// The caller adds the identity of the program that computes the Result.
func identify(req Request, env *workspace.Environment, cfg *load.Config, listing *load.Listing) (*Identity, error) {
	d := asked(req, env, cfg)
	d.Words("list", string(listing.Output))

	contents := []string{env.GOENV, env.GOMOD, env.GOWORK, filepath.Join(env.MainRoot(), plan.SettingsFile)}
	for _, flag := range []string{"modfile", "pgo"} {
		if file, ok := env.User.Last(flag); ok && file != "" && file != "auto" && file != "off" {
			contents = append(contents, workspace.AbsFrom(req.Dir, file))
		}
	}
	var stamps, sources []string
	for _, p := range listing.Packages {
		files := &contents
		if p.Standard || workspace.Within(p.Dir, env.GOMODCACHE) {
			files = &stamps
		}
		edited := files == &contents && verdicts.Edited(p) && len(p.CgoFiles) == 0
		for _, name := range p.GoFiles {
			path := workspace.AbsFrom(p.Dir, name)
			if _, over := cfg.Overlay[path]; edited && !over {
				sources = append(sources, path)
			} else {
				*files = append(*files, path)
			}
		}
		for _, name := range slices.Concat(
			p.CgoFiles, p.IgnoredGoFiles, p.CFiles, p.CXXFiles, p.MFiles, p.HFiles, p.SFiles,
		) {
			*files = append(*files, workspace.AbsFrom(p.Dir, name))
		}
		if p.Name == "main" {
			contents = append(contents, filepath.Join(p.Dir, "default.pgo"))
		}
		if p.Module != nil && p.Module.Dir != "" && !workspace.Within(p.Module.Dir, env.GOMODCACHE) {
			contents = append(contents, filepath.Join(p.Module.Dir, "go.mod"))
		}
	}
	if err := d.Files(contents); err != nil {
		return nil, err
	}
	slices.Sort(stamps)
	for _, file := range slices.Compact(stamps) {
		if err := d.Stamp(file); err != nil { // one that does not exist is in the overlay alone
			return nil, err
		}
	}
	slices.Sort(sources)
	id := &Identity{Frame: d.String()}
	listed := fingerprint.New()
	listed.Words("frame", id.Frame)
	for _, path := range slices.Compact(sources) {
		text, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) { // go list has seen it
			d.Words("no file", path)
			listed.Words("no file", path)
			continue
		} else if err != nil {
			return nil, err
		}
		id.Sources = append(id.Sources, cutoff.Source{Path: path, Text: text})
		d.Words("file", path, string(text))
		if req.Tests { // the functions in their files decide a generated one
			listed.Words("file", path, string(text))
		} else {
			listed.Words("header", path, string(listings.Header(text)))
		}
	}
	id.ID, id.listed = d.String(), listed.String()
	return id, nil
}

// asked hashes what is known before the program is listed.
func asked(req Request, env *workspace.Environment, cfg *load.Config) fingerprint.Hash {
	d := BeginIdentity(env, req.Dir, req.Env, req.Flags, req.Patterns)
	d.Words("request", req.Slot, string(req.Build),
		fmt.Sprint(req.Tests, req.Launch, req.Debug, req.Check, req.Diff, req.Strict, req.Apart, req.Cover, req.Loadable))
	d.Words("extra", cfg.Extra...)
	for _, path := range slices.Sorted(maps.Keys(cfg.Overlay)) {
		d.Words("overlay", path, string(cfg.Overlay[path]))
	}
	return d
}

// BeginIdentity begins the identity of a run with what is asked of the go command,
// where, and in which environment. The caller adds the files.
func BeginIdentity(at *workspace.Environment, dir string, env, flags, patterns []string) fingerprint.Hash {
	d := fingerprint.New()
	d.Words("go", dir, at.GOROOT, at.GOOS, at.GOARCH, at.GOVERSION, at.GOFLAGS, at.GOMOD, at.GOMODCACHE, at.GOWORK)
	d.Words("environment", variables(env)...)
	d.Words("flags", flags...)
	d.Words("patterns", patterns...)
	return d
}

// variables picks what the go command and the C compiler that it runs read of
// an environment, sorted.
func variables(env []string) []string {
	var out []string
	for _, kv := range env {
		name, _, _ := strings.Cut(kv, "=")
		switch {
		case strings.HasPrefix(name, "GO"), strings.HasPrefix(name, "CGO_"),
			slices.Contains([]string{"AR", "CC", "CXX", "FC", "PATH", "PKG_CONFIG", "PKG_CONFIG_PATH"}, name):
			out = append(out, kv)
		}
	}
	slices.Sort(out)
	return out
}
