package conduct_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/go-vimage/vimage/analyzers/internal/conduct"
)

// TestRegistries reads the standard library and asks which exported functions
// keep what they are given in a variable of one of these packages: all of its
// registries must come out, and nothing that is none.
func TestRegistries(t *testing.T) {
	paths := []string{"archive/zip", "bytes", "crypto", "encoding/json", "flag", "fmt", "image", "log", "os/signal", "regexp", "sort", "strings", "sync"}
	pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadAllSyntax}, paths...)
	if err != nil {
		t.Fatal(err)
	}
	graph, err := checker.Analyze([]*analysis.Analyzer{conduct.Analyzer}, pkgs, nil)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for a := range graph.All() {
		if a.Err != nil {
			t.Fatal(a.Err)
		}
		if !slices.Contains(paths, a.Package.PkgPath) {
			continue
		}
		for _, f := range a.AllObjectFacts() {
			fn, ok := f.Fact.(*conduct.Function)
			if !ok || f.Object.Pkg() != a.Package.Types {
				continue
			}
			for _, k := range fn.Kept {
				if k.Into != "" && f.Object.Parent() != nil { // no method
					got = append(got, fmt.Sprintf("%s.%s %s", f.Object.Pkg().Path(), f.Object.Name(), k))
				}
			}
		}
	}
	slices.Sort(got)
	got = slices.Compact(got)
	want := []string{
		"archive/zip.RegisterCompressor keeps 1 in archive/zip.compressors",
		"archive/zip.RegisterDecompressor keeps 1 in archive/zip.decompressors",
		"crypto.RegisterHash keeps 1 in crypto.hashes",
		"flag.BoolFunc keeps 2 in flag.CommandLine",
		"flag.BoolVar keeps 0 in flag.CommandLine",
		"flag.DurationVar keeps 0 in flag.CommandLine",
		"flag.Float64Var keeps 0 in flag.CommandLine",
		"flag.Func keeps 2 in flag.CommandLine",
		"flag.Int64Var keeps 0 in flag.CommandLine",
		"flag.IntVar keeps 0 in flag.CommandLine",
		"flag.StringVar keeps 0 in flag.CommandLine",
		"flag.Uint64Var keeps 0 in flag.CommandLine",
		"flag.UintVar keeps 0 in flag.CommandLine",
		"flag.Var keeps 0 in flag.CommandLine",
		"image.RegisterFormat keeps 2 in image.atomicFormats",
		"image.RegisterFormat keeps 3 in image.atomicFormats",
		"log.SetOutput keeps 0 in log.std",
		"os/signal.Notify keeps 0 in os/signal.handlers",
		"os/signal.Stop keeps 0 in os/signal.handlers",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
