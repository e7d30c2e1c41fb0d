package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

func main() { os.Exit(run()) }

func run() int {
	short := flag.Bool("short", false, "leave out long tests, and the corpus")
	timeout := flag.Duration("timeout", 80*time.Minute, "for each package's tests")
	flag.Parse()
	if flag.NArg() > 0 {
		flag.Usage()
		return 2
	}
	packages, err := list()
	if err != nil {
		fmt.Fprintln(os.Stderr, "suite:", err)
		return 1
	}
	args := []string{"test", "-json", "-timeout", timeout.String()}
	parts := 2
	if *short {
		args, parts = append(args, "-short"), 1
	}
	began := time.Now()
	heading(1, parts, "go test ./...")
	t := &tally{out: os.Stdout, total: len(packages), terminal: isTerminal(os.Stdout), running: map[string]bool{}}
	failed := goTest(append(args, "./..."), t) != nil
	if !*short {
		heading(2, parts, "corpus: ten modules' own tests, plain and virtualised")
		corpus := exec.Command("go", "-C", "internal/corpus", "run", "./cmd/corpus", "-slow")
		corpus.Stdout, corpus.Stderr = os.Stdout, os.Stderr
		if err := corpus.Run(); err != nil {
			fmt.Fprintln(os.Stderr, "suite: corpus:", err)
			failed = true
			t.failed++
		}
	}
	fmt.Printf("\nended after %v\n", time.Since(began).Round(time.Second))
	t.summary()
	if failed || t.failed > 0 {
		return 1
	}
	return 0
}

func heading(i, of int, what string) { fmt.Printf("\n== part %d of %d: %s\n", i, of, what) }

// list names the packages that go test will report.
func list() ([]string, error) {
	cmd := exec.Command("go", "list", "./...")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list ./...: %w", err)
	}
	return strings.Fields(string(out)), nil
}

// goTest runs go test -json and hands its events to t.
func goTest(args []string, t *tally) error {
	cmd := exec.Command("go", args...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	readErr := t.read(out)
	io.Copy(io.Discard, out) // after a damaged line: go test must not block
	if err := cmd.Wait(); err != nil {
		return err
	}
	return readErr
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
