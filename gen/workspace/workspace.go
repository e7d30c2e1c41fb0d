package workspace

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/go-vimage/vimage/gen/workspace/buildinfo"
	"github.com/go-vimage/vimage/gen/workspace/overlayembed"

	"golang.org/x/mod/module"
)

// Config says what the go command shall see, and where.
type Config struct {
	Dir   string            // where the go command will run: absolute
	Env   []string          // the environment that it will run in
	Flags []string          // the user's flags for it, as they were written (without -C)
	Files map[string][]byte // absolute path -> content; nil: deleted

	// Environment is what Read returns for Dir, Env and Flags; if it is nil,
	// Open reads it.
	Environment *Environment

	// Toolexec is a command that runs package overlaycover's Main with the
	// arguments that follow. Without it, -cover covers the author's files.
	Toolexec []string

	// Embedexec is a command that runs package overlayembed's Main with the
	// arguments that follow; nil for a program that embeds no Go file. Without
	// it, such a file is embedded as Files has it.
	Embedexec []string

	// Infoexec is a command that runs package buildinfo's Main with the
	// arguments that follow. Without it, build info is of the go command's own
	// build.
	Infoexec []string

	Cache string // the root of the cache; by default as Root says
}

// A Workspace makes a go command see the files of a Config. It may be used by
// several go commands at once.
type Workspace struct {
	Dir   string   // the work folder
	Go    string   // the go command
	Flags []string // for the go command; they come after the user's, and override them
	Env   []string // the whole environment for the go command
	// Copies is the directory below which the copies of modules lie, Modcache
	// that of their originals; both are empty when there are none. See
	// [AuthorDir].
	Copies, Modcache string
	cfg              Config
	embed            overlayembed.Config
	info             buildinfo.Config
	wrap             []string // of -toolexec
}

// Open writes what is needed. On error nothing but entries of the cache
// remains.
func Open(ctx context.Context, cfg Config) (_ *Workspace, err error) {
	env := cfg.Environment
	if env == nil {
		if env, err = Read(ctx, cfg.Dir, cfg.Env, cfg.Flags); err != nil {
			return nil, err
		}
	}
	root, err := Root(cfg.Cache, cfg.Env)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "vimage-")
	if err != nil {
		return nil, err
	}
	w := &Workspace{Dir: dir, Go: "go", Env: cfg.Env, cfg: cfg}
	w.embed = overlayembed.Config{Overlay: map[string][]overlayembed.File{}, Copies: map[string]string{}}
	defer func() {
		if err != nil {
			w.Close()
		}
	}()
	s := store{root}
	if err := w.overlay(s, env); err != nil {
		return nil, err
	}
	if err := w.modules(s, env); err != nil {
		return nil, err
	}
	if err := w.embedexec(); err != nil {
		return nil, err
	}
	if err := w.infoexec(env.User); err != nil {
		return nil, err
	}
	if err := w.toolexec(env.User); err != nil {
		return nil, err
	}
	s.trim(time.Now())
	return w, nil
}

// Close removes the work folder.
func (w *Workspace) Close() error { return os.RemoveAll(w.Dir) }

// overlay puts the files that are not in modules of the module cache.
func (w *Workspace) overlay(s store, env *Environment) error {
	o := maps.Clone(env.Overlay)
	goroot, err := w.goroot(s, env)
	if err != nil {
		return err
	}
	for _, path := range sorted(w.cfg.Files) {
		content := w.cfg.Files[path]
		if !filepath.IsAbs(path) {
			return fmt.Errorf("%s: not an absolute path", path)
		}
		inRoot := Within(path, env.GOROOT)
		if !inRoot && Within(path, env.GOMODCACHE) {
			continue
		}
		if inRoot {
			path = goroot + path[len(env.GOROOT):]
		}
		author, replaced := o[path]
		o[path] = ""
		if content != nil {
			if o[path], err = s.file(filepath.Base(path), content); err != nil {
				return err
			}
			if _, err := os.Lstat(path); err == nil && !replaced {
				author = path
			}
			w.embed.Overlay[o[path]] = append(w.embed.Overlay[o[path]], overlayembed.File{Path: path, Author: author})
		}
	}
	if len(o) == 0 {
		return nil
	}
	file, err := o.write(w.Dir)
	if err != nil {
		return err
	}
	w.Flags = append(w.Flags, "-overlay="+file)
	if w.cfg.Toolexec != nil && covers(env.User) {
		w.wrap = append(slices.Clone(w.cfg.Toolexec), file)
	}
	return nil
}

// goroot returns a name for GOROOT that -overlay accepts. A toolchain that the
// go command fetched lies in the module cache, where it accepts none: then it
// is a link in our cache.
func (w *Workspace) goroot(s store, env *Environment) (string, error) {
	if !Within(env.GOROOT, env.GOMODCACHE) {
		return env.GOROOT, nil
	}
	dir, err := s.put("goroot", digest([]byte(env.GOROOT)), func(dir string) error {
		return os.Symlink(env.GOROOT, filepath.Join(dir, "go"))
	})
	if err != nil {
		return "", err
	}
	goroot := filepath.Join(dir, "go")
	w.Go = filepath.Join(goroot, "bin", "go")
	w.Env = append(slices.Clip(w.Env), "GOROOT="+goroot, "GOTOOLCHAIN=local")
	return goroot, nil
}

// modules puts the files that are in modules of the module cache.
func (w *Workspace) modules(s store, env *Environment) error {
	copies := map[module.Version]*moduleCopy{}
	for _, path := range sorted(w.cfg.Files) {
		if Within(path, env.GOROOT) || !Within(path, env.GOMODCACHE) {
			continue
		}
		mod, dir, name, err := cacheModule(env.GOMODCACHE, path)
		if err != nil {
			return err
		}
		if Within(env.GOMOD, dir) {
			return fmt.Errorf("%s: the main module lies in the module cache; copy it elsewhere first", dir)
		}
		c := copies[mod]
		if c == nil {
			c = &moduleCopy{Version: mod, from: dir, files: map[string][]byte{}}
			copies[mod] = c
		}
		c.files[name] = w.cfg.Files[path]
	}
	dirs := map[module.Version]string{}
	for mod, c := range copies {
		dir, err := c.put(s, env.GOMODCACHE, env.User.Bool("trimpath"))
		if err != nil {
			return fmt.Errorf("copying %s: %w", mod, err)
		}
		dirs[mod] = dir
		w.embed.Copies[dir] = c.from
		w.Copies, w.Modcache = filepath.Join(s.root, "mod"), env.GOMODCACHE
	}
	return w.replace(env, dirs)
}

// replace names the copies to the go command. It also gives the go command
// copies of the files that it may write to, so that it does not write to the
// user's.
func (w *Workspace) replace(env *Environment, dirs map[module.Version]string) error {
	mode, _ := env.User.Last("mod")
	switch {
	case env.GOWORK != "":
		// A vendor directory is found beside go.work; with one, nothing comes
		// from the module cache.
		if vendored := isDir(filepath.Join(filepath.Dir(env.GOWORK), "vendor")); vendored && len(dirs) == 0 {
			return nil
		}
		file, rs, err := writeGoWork(w.Dir, env.GOWORK, dirs)
		if err != nil {
			return err
		}
		w.info.WorkDir = w.Dir
		w.record(env, rs)
		w.Env = append(slices.Clip(w.Env), "GOWORK="+file)
	case env.GOMOD == "" || env.GOMOD == os.DevNull:
		if len(dirs) > 0 {
			return fmt.Errorf("no go.mod to name the copies of modules in")
		}
	case len(dirs) > 0 || mode == "mod":
		gomod := env.GOMOD
		if file, ok := env.User.Last("modfile"); ok && file != "" {
			gomod = AbsFrom(w.cfg.Dir, file)
		}
		file, rs, err := writeModfile(w.Dir, gomod, dirs)
		if err != nil {
			return err
		}
		w.record(env, rs)
		w.Flags = append(w.Flags, "-modfile="+file)
	}
	return nil
}

// record notes what build info says of replaced modules in the author's build.
func (w *Workspace) record(env *Environment, rs []replacement) {
	for _, r := range rs {
		mod := r.own
		if mod.Path == "" {
			mod = r.old
		}
		entry := buildinfo.Replacement{Old: r.old, Dir: r.dir, New: r.own}
		if mod.Version != "" {
			entry.Sum = sum(env.GOMODCACHE, mod)
		}
		w.info.Replacements = append(w.info.Replacements, entry)
	}
}

// AuthorDir returns the directory of the module cache that a directory in a
// module's copy stands for, or dir itself.
func AuthorDir(copies, modcache, dir string) string {
	if !Within(dir, copies) || len(dir) == len(copies) {
		return dir
	}
	_, tail, ok := strings.Cut(filepath.ToSlash(dir[len(copies)+1:]), "/") // after the entry's key
	if !ok {
		return dir
	}
	return filepath.Join(modcache, filepath.FromSlash(tail))
}

// Within reports whether a path lies below a directory, or is it.
func Within(path, dir string) bool {
	if dir == "" || !strings.HasPrefix(path, dir) {
		return false
	}
	return len(path) == len(dir) || os.IsPathSeparator(path[len(dir)])
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
