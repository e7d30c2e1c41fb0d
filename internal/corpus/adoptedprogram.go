package corpus

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// programModule is the module of a program that uses an adopted copy.
const programModule = "corpus.example/program"

// programmed makes a module with the program of the corpus's module, of folder
// isolation/three or isolation, which requires the copy.
func (a *adopter) programmed(root string) error {
	source := filepath.Join("isolation", "three", a.m.Name)
	if _, err := os.Stat(source); err != nil {
		source = filepath.Join("isolation", a.m.Name)
	}
	text, err := os.ReadFile(filepath.Join(source, "main.go"))
	if err != nil {
		return err
	}
	turns, err := os.ReadFile("isolation/three/three.go")
	if err != nil {
		return err
	}
	const isolation = vimage + "/internal/corpus/isolation"
	own := strings.NewReplacer(isolation+"/turn", programModule+"/turn", isolation+"/three", programModule+"/turn")
	version, err := exec.Command("go", "list", "-m", "-f", "{{.Version}}", a.m.Path).Output()
	if err != nil {
		return err
	}
	gomod := strings.Join([]string{
		"module " + programModule, "go 1.26",
		"require " + a.m.Path + " " + strings.TrimSpace(string(version)), "require " + vimage + " v0.0.0",
		"replace " + a.m.Path + " => " + a.dir, "replace " + vimage + " => " + root,
	}, "\n") + "\n"
	err = errors.Join(
		os.MkdirAll(filepath.Join(a.program, "turn"), 0o777),
		os.WriteFile(filepath.Join(a.program, "go.mod"), []byte(gomod), 0o666),
		os.WriteFile(filepath.Join(a.program, "main.go"), []byte(own.Replace(string(text))), 0o666),
		os.WriteFile(filepath.Join(a.program, "turn", "turn.go"), turns, 0o666))
	if err != nil {
		return err
	}
	_, err = runIn(a.program, "go", "mod", "tidy")
	return err
}

// build builds the program, plain, and returns the binary.
func (a *adopter) build() ([]byte, error) {
	bin := a.program + ".exe"
	flags := []string{"build", "-trimpath", "-buildvcs=false", "-ldflags=-buildid=", "-o", bin, "."}
	if _, err := runIn(a.program, "go", flags...); err != nil {
		return nil, err
	}
	return os.ReadFile(bin)
}

// images has vimagegen vet -fix change the program's mentions of virtual
// variables, runs it on the stock toolchain with three images, and returns what
// it says of them.
func (a *adopter) images() (string, error) {
	_, err := runIn(a.program, a.tool.Command, "vet", "-committed", "-fix", "./...")
	if exit := (*exec.ExitError)(nil); err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 1) {
		return "", err // with 1 it names variables of modules that are not adopted
	}
	for _, tags := range []string{"", "vimage"} {
		if _, err := runIn(a.program, "go", "vet", "-tags="+tags, "./..."); err != nil {
			return "", err
		}
	}
	bin := a.program + ".exe"
	if _, err := runIn(a.program, "go", "build", "-tags=vimage", "-o", bin, "."); err != nil {
		return "", err
	}
	tmp := a.program + "-tmp" // where glog writes
	if err := os.Mkdir(tmp, 0o777); err != nil {
		return "", err
	}
	cmd := exec.Command(bin)
	cmd.Env = append(os.Environ(), "TMPDIR="+tmp)
	out, err := cmd.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("three images: %w\n%s", err, out)
	}
	for line := range strings.Lines(string(out)) {
		if said, ok := strings.CutPrefix(line, "images: "); ok {
			return strings.TrimSpace(said), nil
		}
	}
	return "", fmt.Errorf("three images: the program does not say that they are isolated:\n%s", out)
}
