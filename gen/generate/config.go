package generate

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"go/build"
	"os/exec"
	"slices"
	"strconv"
	"strings"

	"github.com/go-vimage/vimage/gen/load"
	"github.com/go-vimage/vimage/gen/workspace"
)

// A platform is a pair of GOOS and GOARCH.
type platform struct{ GOOS, GOARCH string }

func (p platform) String() string { return p.GOOS + "/" + p.GOARCH }

// A config is one configuration that is planned.
type config struct {
	platform
	tags   []string
	host   bool       // it is the environment's
	stands []platform // whose files are the same, itself included
	other  []string   // tags that other configurations of the same platform have
}

func (c *config) String() string {
	return strings.Join(append([]string{c.platform.String()}, c.tags...), ",")
}

// env is the environment of the go command.
func (c *config) env(user []string) []string {
	if c.host {
		return user
	}
	return append(slices.Clip(user), "GOOS="+c.GOOS, "GOARCH="+c.GOARCH)
}

// flags are the build flags of the go command, with more tags.
func (c *config) flags(user []string, more ...string) []string {
	tags := slices.Concat(more, c.tags)
	var out []string
	for _, f := range user {
		if own, ok := strings.CutPrefix(f, "-tags="); ok {
			tags = append(tags, own)
		} else {
			out = append(out, f)
		}
	}
	if len(tags) > 0 {
		out = append(out, "-tags="+strings.Join(tags, ","))
	}
	return out
}

// constraint is the build constraint that holds in this configuration alone.
func (c *config) constraint() string {
	byOS := map[string][]string{}
	for _, p := range c.stands {
		byOS[p.GOOS] = append(byOS[p.GOOS], p.GOARCH)
	}
	var any []string
	for _, goos := range sortedKeys(byOS) {
		term := goos
		if archs := byOS[goos]; len(archs) < len(platforms())/3 { // not all that are looked at
			slices.Sort(archs)
			term += " && " + archs[0]
			if len(archs) > 1 {
				term = goos + " && (" + strings.Join(archs, " || ") + ")"
			}
		}
		any = append(any, term)
	}
	text := strings.Join(any, " || ")
	if len(c.tags)+len(c.other) > 0 && len(any) > 1 {
		text = "(" + text + ")"
	}
	for _, tag := range c.tags {
		text += " && " + tag
	}
	for _, tag := range c.other {
		text += " && !" + tag
	}
	return text
}

// platforms are those that a package's constraints are tried with.
func platforms() (out []platform) {
	for _, goos := range []string{"linux", "darwin", "windows"} {
		for _, goarch := range []string{"amd64", "arm64"} {
			out = append(out, platform{goos, goarch})
		}
	}
	return out
}

// host asks the go command for the environment's configuration.
func (g *generator) host(ctx context.Context) (*config, error) {
	c := &config{host: true}
	if err := workspace.ReadGoEnv(ctx, g.req.Dir, g.req.Env, &c.platform); err != nil {
		return nil, &load.ProgramError{Text: err.Error()}
	}
	return c, nil
}

// configs chooses the configurations: those that the user named, or one for
// each set of files that the platforms select.
func (g *generator) configs(ctx context.Context) ([]*config, error) {
	host, err := g.host(ctx)
	if err != nil {
		return nil, err
	}
	if g.req.Configs != "" {
		return parseConfigs(g.req.Configs, host.platform)
	}
	all := []*config{host}
	for _, p := range platforms() {
		if p != host.platform {
			all = append(all, &config{platform: p})
		}
	}
	var out []*config
	bySelection := map[string]*config{}
	for _, c := range all {
		s, err := g.selection(c.platform)
		if err != nil {
			return nil, err
		}
		if bySelection[s] == nil {
			bySelection[s] = c
			out = append(out, c)
		}
		bySelection[s].stands = append(bySelection[s].stands, c.platform)
	}
	return out, nil
}

// selection names the author's files that a platform's build has.
func (g *generator) selection(p platform) (string, error) {
	ctx := build.Default
	ctx.GOOS, ctx.GOARCH, ctx.BuildTags = p.GOOS, p.GOARCH, nil
	for _, f := range g.req.Flags {
		if own, ok := strings.CutPrefix(f, "-tags="); ok {
			ctx.BuildTags = strings.FieldsFunc(own, func(r rune) bool { return r == ',' || r == ' ' })
		}
	}
	var out strings.Builder
	for _, path := range sortedKeys(g.scope) {
		f := g.scope[path]
		for _, name := range sortedKeys(f.files) {
			if f.origins[name] != authors {
				continue
			}
			if ok, err := ctx.MatchFile(f.Dir, name); err != nil {
				return "", &load.ProgramError{Text: err.Error()}
			} else if ok {
				fmt.Fprintf(&out, "%s/%s\n", path, name)
			}
		}
	}
	return out.String(), nil
}

// parseConfigs reads the value of -config: GOOS/GOARCH[,tag...];...
func parseConfigs(text string, host platform) ([]*config, error) {
	var out []*config
	for _, one := range strings.Split(text, ";") {
		words := strings.Split(strings.TrimSpace(one), ",")
		goos, goarch, ok := strings.Cut(words[0], "/")
		if !ok || !isOS(goos) || !isArch(goarch) {
			return nil, inputf("-config: %q is no GOOS/GOARCH", words[0])
		}
		c := &config{platform: platform{goos, goarch}, tags: words[1:]}
		c.host, c.stands = c.platform == host, []platform{c.platform}
		for _, tag := range c.tags {
			if tag == "" || tag == Tag || strings.ContainsAny(tag, " \t!|&()") {
				return nil, inputf("-config: %q is no tag", tag)
			}
		}
		slices.Sort(c.tags)
		for _, other := range out {
			if other.String() == c.String() {
				return nil, inputf("-config names %s twice", c)
			}
		}
		out = append(out, c)
	}
	for _, c := range out {
		for _, d := range out {
			for _, tag := range d.tags {
				if d.platform == c.platform && !slices.Contains(c.tags, tag) && !slices.Contains(c.other, tag) {
					c.other = append(c.other, tag)
				}
			}
		}
	}
	return out, nil
}

// An added file is one without an author's, as some configurations have it.
type addedFile struct {
	text    string
	plain   bool // of the plain build
	configs []*config
}

// named returns the base names and texts of added files: one file where all
// configurations have the same, else one for each text.
func named(base string, files []addedFile, all int) map[string]addedFile {
	if len(files) == 1 && len(files[0].configs) == all {
		return map[string]addedFile{base: files[0]}
	}
	out := map[string]addedFile{}
	for i, f := range files {
		var terms []string
		for _, c := range f.configs {
			terms = append(terms, c.constraint())
		}
		label := strconv.Itoa(i + 1)
		stem, ext := strings.TrimSuffix(base, ".go"), ".go"
		if test, ok := strings.CutSuffix(stem, "_test"); ok {
			stem, ext = test, "_test.go"
		}
		text := terms[0]
		if len(terms) > 1 {
			text = "(" + strings.Join(terms, ") || (") + ")"
		}
		f.text = "//go:build " + text + "\n\n" + strings.TrimPrefix(f.text, headerLine)
		out[stem+"_"+label+ext] = f
	}
	return out
}

// checks type-checks packages and their tests in the vimage build of a
// configuration, with changes that are not yet written. The go command compiles
// them for the platform of the environment only: for others it would compile
// the standard library first.
func (g *generator) checks(ctx context.Context, c *config, paths []string, changes []Change) error {
	return g.overlaid(changes, func(file string) error {
		flags := c.flags(g.req.Flags, Tag)
		if c.host {
			list := []string{"list", "-export", "-test", "-f", "{{/**/}}", "-overlay=" + file}
			args := slices.Concat(list, flags, []string{"--"}, paths)
			cmd := exec.CommandContext(ctx, "go", args...)
			cmd.Dir, cmd.Env = g.req.Dir, c.env(g.req.Env)
			var stderr bytes.Buffer
			cmd.Stderr = &stderr
			if g.req.Trace != nil {
				g.req.Trace(append([]string{"go"}, args...))
			}
			if err := cmd.Run(); err != nil {
				return errors.New(cmp.Or(strings.TrimSpace(stderr.String()), err.Error()))
			}
			return nil
		}
		contents := map[string][]byte{}
		for _, change := range changes {
			if change.New != nil {
				contents[change.Path] = change.New
			}
		}
		_, err := load.Load(ctx, &load.Config{
			Dir: g.req.Dir, Env: c.env(g.req.Env), Flags: flags, OverlayJSON: file, Overlay: contents, Tests: true,
			GOARCH: c.GOARCH, Bodies: func(*load.Listed) bool { return false }, Trace: g.req.Trace,
		}, paths)
		return err
	})
}
