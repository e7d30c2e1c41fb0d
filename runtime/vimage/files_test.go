//go:build vnetstd && linux

package vimage_test

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/go-vimage/vimage/runtime/vimage"
)

// Image 0 has the process's standard descriptors, and closes them indeed.
// Images that live then keep theirs; one that is made afterwards has what image
// 0 left.
func TestStandardDescriptors(t *testing.T) {
	if os.Getenv("VIMAGE_TEST_DESCRIPTORS") != "" {
		vimage.Zero().Do(descriptors) // tests run in an image of their own
		os.Exit(0)
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestStandardDescriptors$")
	cmd.Env = append(os.Environ(), "VIMAGE_TEST_DESCRIPTORS=1")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(out)
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("%v", err)
	}
	const want = "a before\nb after image a has closed\nb after image 0 has closed\n"
	if string(data) != want {
		t.Errorf("stdout %q, want %q", data, want)
	}
	const said = "a closes: <nil>, writes: bad file descriptor, closes: bad file descriptor\n" +
		"0 closes: <nil>, writes: bad file descriptor\n" +
		"c, made later, writes: bad file descriptor\n" +
		"0 opens number 1\n"
	got := stderr.String()
	if !strings.HasPrefix(got, said) {
		t.Errorf("stderr:\n%swant:\n%s", got, said)
	}
	for _, line := range []string{"a ends with status 3\n", "b ends with status 4\n"} {
		if strings.Count(got, line) != 1 {
			t.Errorf("stderr:\n%swant once: %s", got, line)
		}
	}
}

// descriptors is the program that the test runs.
func descriptors() {
	image := func(name string) *vimage.Image {
		im, err := vimage.New(vimage.WithName(name), vimage.WithExit(func(code int) {
			fmt.Fprintln(os.Stderr, name, "ends with status", code)
		}))
		if err != nil {
			panic(err)
		}
		return im
	}
	a, b := image("a"), image("b")
	write := func(s string) error { _, err := syscall.Write(1, []byte(s)); return err }
	a.Do(func() {
		write("a before\n")
		fmt.Fprintf(os.Stderr, "a closes: %v, writes: %v, closes: %v\n", syscall.Close(1), write("lost"), syscall.Close(1))
	})
	b.Do(func() { write("b after image a has closed\n") })
	fmt.Fprintf(os.Stderr, "0 closes: %v, writes: %v\n", syscall.Close(1), write("lost"))
	b.Do(func() { write("b after image 0 has closed\n") })
	image("c").Do(func() { fmt.Fprintln(os.Stderr, "c, made later, writes:", write("lost")) })
	f, err := os.Open(os.DevNull)
	if err != nil {
		panic(err)
	}
	fmt.Fprintln(os.Stderr, "0 opens number", f.Fd())
	b.Do(func() { syscall.Close(1) })
	go a.Do(func() {
		syscall.Exit(3)
		fmt.Fprintln(os.Stderr, "syscall.Exit has returned")
	})
	go b.Do(func() {
		syscall.RawSyscall(syscall.SYS_EXIT_GROUP, 4, 0, 0)
		fmt.Fprintln(os.Stderr, "exit_group has returned")
	})
	for a.State() != vimage.Exited || b.State() != vimage.Exited {
		time.Sleep(time.Millisecond)
	}
	time.Sleep(10 * time.Millisecond)
}
