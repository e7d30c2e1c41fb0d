package elfso

import (
	"bytes"
	"debug/elf"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func sample() Object {
	return Object{
		Soname:   "libtick.so",
		Versions: []string{"VIMAGE_1", "tick_1.0", "tick_1.1"},
		Symbols: []Symbol{
			{"vimage_abi", "VIMAGE_1", 0, 8},
			{"tick_Seconds", "tick_1.0", 8, 8},
			{"tick_Name", "tick_1.1", 16, 24},
		},
		Data: bytes.Repeat([]byte("12345678"), 5),
	}
}

func build(t testing.TB) []byte {
	t.Helper()
	file, _, err := Build(sample())
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func TestParse(t *testing.T) {
	file, data, err := Build(sample())
	if err != nil {
		t.Fatal(err)
	}
	symbols, err := Parse(file)
	if err != nil {
		t.Fatal(err)
	}
	if len(symbols) != 3 {
		t.Errorf("%d symbols, want 3", len(symbols))
	}
	for _, want := range sample().Symbols {
		want.Offset += data
		if got := symbols[[2]string{want.Name, want.Version}]; got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
}

func TestBuildRefuses(t *testing.T) {
	for name, change := range map[string]func(*Object){
		"two nodes of one name": func(o *Object) { o.Versions[1] = "VIMAGE_1" },
		"no node":               func(o *Object) { o.Symbols[0].Version = "x" },
		"outside of the data":   func(o *Object) { o.Symbols[2].Size++ },
		"no name":               func(o *Object) { o.Symbols[0].Name = "" },
	} {
		o := sample()
		change(&o)
		if _, _, err := Build(o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// The standard library's reader finds what Build was given.
func TestDebugELF(t *testing.T) {
	f, err := elf.NewFile(bytes.NewReader(build(t)))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	symbols, err := f.DynamicSymbols()
	if err != nil {
		t.Fatal(err)
	}
	if len(symbols) != 3 {
		t.Fatalf("%d symbols, want 3", len(symbols))
	}
	for i, want := range sample().Symbols {
		s := symbols[i]
		if s.Name != want.Name || s.Version != want.Version || s.Size != uint64(want.Size) ||
			elf.ST_VISIBILITY(s.Other) != elf.STV_PROTECTED || elf.ST_TYPE(s.Info) != elf.STT_OBJECT {
			t.Errorf("got %+v, want %+v", s, want)
		}
	}
	for _, p := range f.Progs {
		writable := p.Flags&elf.PF_W != 0
		dynamic := p.Off == f.Section(".dynamic").Offset || p.Type == elf.PT_GNU_STACK
		if p.Flags&elf.PF_X != 0 || writable != dynamic {
			t.Errorf("segment %v has flags %v", p.Type, p.Flags)
		}
	}
}

// The binutils and gdb read the file and print no warning.
func TestTools(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the file is one of Linux's")
	}
	path := filepath.Join(t.TempDir(), "tick")
	if err := os.WriteFile(path, build(t), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		want []string
	}{
		{[]string{"readelf", "-aW", path}, []string{"tick_Seconds@@tick_1.0", "PROTECTED", "GNU_STACK", "libtick.so"}},
		{[]string{"nm", "-D", path}, []string{"R tick_Seconds@@tick_1.0", "R tick_Name@@tick_1.1"}},
		{[]string{"gdb", "-nx", "-batch", "-ex", "x/8cb &tick_Seconds", path}, []string{"49 '1'", "56 '8'"}},
	} {
		t.Run(c.args[0], func(t *testing.T) {
			if _, err := exec.LookPath(c.args[0]); err != nil {
				t.Skipf("%s is not installed", c.args[0])
			}
			cmd := exec.Command(c.args[0], c.args[1:]...)
			var errs bytes.Buffer
			cmd.Stderr = &errs
			out, err := cmd.Output()
			if err != nil {
				t.Fatalf("%v\n%s", err, errs.Bytes())
			}
			if errs.Len() > 0 || bytes.Contains(bytes.ToLower(out), []byte("warning")) {
				t.Errorf("complaints: %s\n%s", errs.Bytes(), out)
			}
			for _, want := range c.want {
				if !strings.Contains(string(out), want) {
					t.Errorf("no %q in\n%s", want, out)
				}
			}
		})
	}
}

// Parse refuses a file that is cut anywhere, and does not read beyond its end.
func TestTruncated(t *testing.T) {
	file, data, err := Build(sample())
	if err != nil {
		t.Fatal(err)
	}
	for n := range data + len(sample().Data) {
		if _, err := Parse(bytes.Clone(file[:n:n])); !errors.Is(err, ErrFormat) {
			t.Fatalf("%d bytes: error %v", n, err)
		}
	}
}

// Parse takes any bytes. What it returns is inside of the file.
func FuzzParse(f *testing.F) {
	file := build(f)
	f.Add(file)
	f.Add(file[:100])
	f.Fuzz(func(t *testing.T, file []byte) {
		symbols, err := Parse(file)
		if err != nil {
			if !errors.Is(err, ErrFormat) {
				t.Errorf("error %v", err)
			}
			return
		}
		for _, s := range symbols {
			if s.Offset < 0 || s.Size < 0 || s.Offset > len(file) || s.Size > len(file)-s.Offset {
				t.Errorf("symbol %+v is outside of the file's %d bytes", s, len(file))
			}
		}
	})
}
