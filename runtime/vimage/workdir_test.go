//go:build vnetstd && linux

package vimage_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-vimage/vimage/runtime/vimage"
)

// here returns the name of the current image's working directory.
func here(t *testing.T, im *vimage.Image) (name string) {
	t.Helper()
	im.Do(func() {
		os.Unsetenv("PWD")
		dir, err := os.Getwd()
		if err != nil {
			t.Error(err)
		}
		name = filepath.Base(dir)
	})
	return name
}

func chdir(t *testing.T, im *vimage.Image, dir string) {
	t.Helper()
	im.Do(func() {
		if err := os.Chdir(dir); err != nil {
			t.Error(err)
		}
	})
}

// Images go where they want without each other, also when image 0 goes
// elsewhere, and a child begins where its parent is.
func TestWorkingDirectory(t *testing.T) {
	root, before := t.TempDir(), here(t, vimage.Zero())
	start, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a", "b", "0"} {
		if err := os.Mkdir(filepath.Join(root, name), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	a, b, c := newImage(t), newImage(t), newImage(t)
	chdir(t, a, filepath.Join(root, "a"))
	chdir(t, b, root)
	chdir(t, b, "b")
	chdir(t, vimage.Zero(), filepath.Join(root, "0"))
	defer chdir(t, vimage.Zero(), start)
	child, later := newImage(t, vimage.WithParent(a)), newImage(t)
	for _, want := range []struct {
		what string
		im   *vimage.Image
		name string
	}{
		{"a", a, "a"},
		{"b", b, "b"},
		{"c", c, before},
		{"image 0", vimage.Zero(), "0"},
		{"a's child", child, "a"},
		{"an image of later", later, "0"},
	} {
		if got := here(t, want.im); got != want.name {
			t.Errorf("%s is in %s, want %s", want.what, got, want.name)
		}
	}
}

// An image's working directory does not outlast it.
func TestWorkingDirectoryEnds(t *testing.T) {
	root := t.TempDir()
	open := func() (n int) {
		t.Helper()
		list, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Skip(err)
		}
		for _, e := range list {
			if to, err := os.Readlink("/proc/self/fd/" + e.Name()); err == nil && strings.HasPrefix(to, root) {
				n++
			}
		}
		return n
	}
	for range 10 {
		im, err := vimage.New()
		if err != nil {
			t.Fatal(err)
		}
		chdir(t, im, root)
		if open() != 1 {
			t.Errorf("%d descriptors of a working directory", open())
		}
		if err := im.Close(context.Background()); err != nil {
			t.Error(err)
		}
		if open() != 0 {
			t.Errorf("%d descriptors of a working directory are left", open())
		}
	}
}
