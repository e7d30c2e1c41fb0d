package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestProgressLine counts packages by the folders in which the go command
// compiles them.
func TestProgressLine(t *testing.T) {
	p := &progress{begun: time.Now().Add(-5 * time.Second), name: "loading"}
	want := func(line string) {
		t.Helper()
		if got := p.line(); got != line {
			t.Errorf("got %q, want %q", got, line)
		}
	}
	want("vimagegen: loading, 5 s")
	p.done, p.total = 3, 12
	want("vimagegen: loading, 3 of 12 packages, 5 s")
	p.name, p.done = "planning", 12
	want("vimagegen: planning, 12 packages, 5 s")
	p.name, p.done, p.total, p.builds = "compiling", 0, 0, t.TempDir()
	want("vimagegen: compiling, 5 s")
	for _, dir := range []string{"b001", "b002", "x"} {
		if err := os.MkdirAll(filepath.Join(p.builds, "go-build7", dir), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	want("vimagegen: compiling, 2 packages, 5 s")
}

// TestProgressEnds draws on a file that stands for a terminal, until somebody
// else writes there, or another process takes its turn.
func TestProgressEnds(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "terminal"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	text := func() string {
		data, err := os.ReadFile(f.Name())
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	drawn := func(p *progress) {
		t.Helper()
		for end := time.Now().Add(10 * time.Second); !strings.Contains(text(), "compiling"); time.Sleep(time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("nothing drawn: %q", text())
			}
		}
	}
	p := &progress{out: f, begun: time.Now().Add(-patience)}
	p.build("", "")
	drawn(p)
	var other bytes.Buffer
	p.before(&other).Write([]byte("error\n"))
	if p.ended != nil || !strings.HasSuffix(text(), eraseLine) || other.String() != "error\n" {
		t.Errorf("%q, %q", text(), other.String())
	}

	if err := f.Truncate(0); err != nil {
		t.Fatal(err)
	}
	turn := filepath.Join(t.TempDir(), "turn")
	p.build("", turn)
	drawn(p)
	if !takeTurn(turn, 10*time.Second) {
		t.Fatal("no turn")
	}
	before := text()
	p.draw(p.ended)
	p.stop()
	if after := text(); after != before {
		t.Errorf("drew %q in another's turn", strings.TrimPrefix(after, before))
	}
}
