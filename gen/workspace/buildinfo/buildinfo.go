// Package buildinfo gives a program the build info that the author's build has.
//
// The go command records in a program which modules it is made of and with which
// flags it was built: debug.ReadBuildInfo and go version -m read that. In a
// workspace, modules are replaced by copies and flags are added. As a -toolexec
// command, Main undoes both in the text that the go command gives the linker,
// the modinfo line of its -importcfg file.
//
// Input: the file that [Config] is in, and a tool with its arguments. Output:
// the tool's. A linker's version (-V=full) has a digest of the configuration in
// addition, so that the go command links again when that changes.
package buildinfo

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/module"

	"github.com/go-vimage/vimage/gen/workspace/toolexec"
)

// A Config says what the author's build records in place of what is recorded.
type Config struct {
	Ldflags      string        // the value of -ldflags; "" if there is none
	Replacements []Replacement // by directories that are not those of the author's build
	WorkDir      string        // what directories are relative to: that of the go.work file; "" for none
}

// A Replacement is a directory that stands for a module.
type Replacement struct {
	Old module.Version // what it stands for; Version may be "" for any
	Dir string
	New module.Version // by what the author replaces Old; zero: he does not. Version is "" for a directory
	Sum string         // of New, else of Old, as in go.sum; "" if it has none
}

// Write writes a configuration for Main.
func (c *Config) Write(file string) error {
	data, err := json.MarshalIndent(c, "", "\t")
	if err != nil {
		return err
	}
	return os.WriteFile(file, data, 0o666)
}

// Main runs a tool of the go command and returns its exit status.
func Main(args []string) int {
	const name = "buildinfo"
	if len(args) < 2 {
		fmt.Fprintln(os.Stderr, name+": want a configuration and a tool")
		return 2
	}
	tool := args[1:]
	link := toolexec.Index(tool, "link")
	if link < 0 {
		return toolexec.Run(name, tool)
	}
	var err error
	if version := slices.Contains(tool[link:], "-V=full"); version {
		if err = printVersion(args[0], tool); err == nil {
			return 0
		}
	} else if file := toolexec.Flag(tool[link:], "importcfg"); file != "" {
		err = editFile(args[0], file)
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
		return 1
	}
	return toolexec.Run(name, tool)
}

// printVersion prints the linker's version, one line. Of a toolchain that is no
// release the go command takes the last word.
func printVersion(config string, tool []string) error {
	cfg, err := read(config)
	if err != nil {
		return err
	}
	cmd := exec.Command(tool[0], tool[1:]...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return err
	}
	line := strings.TrimSpace(string(out))
	if strings.Contains(line, " buildID=") {
		line += cfg.digest()
	} else {
		line += " " + cfg.digest()
	}
	fmt.Println(line)
	return nil
}

// digest is the same for all runs on the same input: WorkDir is not in it.
func (c Config) digest() string {
	c.WorkDir = ""
	data, _ := json.Marshal(c)
	return fmt.Sprintf("vimage%x", sha256.Sum256(data))[:24]
}

func read(file string) (*Config, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var c Config
	if err := json.Unmarshal(data, &c); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return &c, nil
}

// editFile edits the modinfo line of a file for -importcfg, which is one of
// this build's own.
func editFile(config, file string) error {
	cfg, err := read(config)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	const verb = "modinfo "
	lines := bytes.SplitAfter(text, []byte("\n"))
	for i, line := range lines {
		quoted, ok := strings.CutPrefix(strings.TrimSpace(string(line)), verb)
		if !ok {
			continue
		}
		data, err := strconv.Unquote(quoted)
		if err == nil {
			data, err = cfg.modinfo(data)
		}
		if err != nil {
			return fmt.Errorf("%s:%d: %w", filepath.Base(file), i+1, err)
		}
		lines[i] = []byte(verb + strconv.Quote(data) + "\n")
	}
	return os.WriteFile(file, bytes.Join(lines, nil), 0o666)
}

// modinfo edits build info as the go command gives it to the linker: between
// two marks of 16 bytes.
func (c *Config) modinfo(data string) (string, error) {
	const mark = 16
	if len(data) < 2*mark {
		return data, nil
	}
	text := data[mark : len(data)-mark]
	if text == "" {
		return data, nil
	}
	info, err := debug.ParseBuildInfo(text)
	if err != nil {
		return "", err
	}
	if info.String() != text {
		return "", errors.New("the build info is not as this version of Go writes it")
	}
	c.edit(info)
	return data[:mark] + info.String() + data[len(data)-mark:], nil
}

func (c *Config) edit(info *debug.BuildInfo) {
	c.module(&info.Main)
	for _, m := range info.Deps {
		c.module(m)
	}
	info.Settings = slices.DeleteFunc(info.Settings, func(s debug.BuildSetting) bool {
		return s.Key == "-ldflags" && c.Ldflags == ""
	})
	for i := range info.Settings {
		if s := &info.Settings[i]; s.Key == "-ldflags" {
			s.Value = c.Ldflags
		}
	}
}

// module makes a module's replacement the author's.
func (c *Config) module(m *debug.Module) {
	if m.Replace == nil {
		return
	}
	dir := m.Replace.Path
	if !filepath.IsAbs(dir) && c.WorkDir != "" {
		dir = filepath.Join(c.WorkDir, dir)
	}
	find := func(version string) int {
		return slices.IndexFunc(c.Replacements, func(r Replacement) bool {
			return r.Dir == dir && r.Old == module.Version{Path: m.Path, Version: version}
		})
	}
	i := find(m.Version)
	if i < 0 {
		i = find("")
	}
	if i < 0 {
		return
	}
	switch r := c.Replacements[i]; {
	case r.New.Path == "":
		m.Replace, m.Sum = nil, r.Sum
	case r.New.Version == "":
		m.Replace.Path = r.New.Path
	default:
		m.Replace = &debug.Module{Path: r.New.Path, Version: r.New.Version, Sum: r.Sum}
	}
}
