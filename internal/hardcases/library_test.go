package hardcases

import (
	"os"
	"path/filepath"
	"strconv"
)

// library builds the package as a library for C (c-archive or c-shared), and
// compares the C program of a file with the library of each side.
func (c *hardCase) library(words []string) {
	mode, source := words[0], words[1]
	want := c.linked([]string{"go", "build"}, mode, source)
	c.checkPlain(want)
	if *plainOnly {
		return
	}
	got := c.linked(c.toolArgs("build"), mode, source)
	c.same("stdout", got.stdout, want.stdout)
	c.same("stderr", got.stderr, want.stderr)
	c.same("status", strconv.Itoa(got.code), strconv.Itoa(want.code))
}

// linked runs the C program. The C file includes lib.h, and is in a folder of
// its own, where cgo does not compile it.
func (c *hardCase) linked(builder []string, mode, source string) result {
	dir := c.TempDir()
	lib, prog := filepath.Join(dir, "lib.a"), filepath.Join(dir, "prog")
	if mode == "c-shared" {
		lib = filepath.Join(dir, "lib.so")
	}
	c.must(append(builder, "-buildmode="+mode, "-o", lib, ".")...)
	cc := os.Getenv("CC")
	if cc == "" {
		cc = "gcc"
	}
	c.must(cc, "-I"+dir, "-o", prog, source, lib, "-Wl,-rpath,"+dir, "-lpthread")
	return c.command("", prog)
}
