//go:build linux

package page

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestMain(m *testing.M) {
	if path := os.Getenv("PAGE_TEST_PUBLISHER"); path != "" {
		publisher(path)
	}
	if dir := os.Getenv("PAGE_TEST_NOBODY"); dir != "" {
		nobody(dir)
	}
	os.Exit(m.Run())
}

// publisher is a process that creates a page and publishes twice. It kills
// itself after the step of the number PAGE_TEST_KILL, or waits.
func publisher(path string) {
	left, _ := strconv.Atoi(os.Getenv("PAGE_TEST_KILL"))
	die := func(s Step) {
		if left--; left == 0 {
			fmt.Println("killed at", s)
			syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
	}
	period, _ := time.ParseDuration(os.Getenv("PAGE_TEST_PERIOD"))
	p, err := Create(path, tick(), fill(1), WithPeriod(period), withSteps(die))
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	for n := range uint64(2) {
		p.Publish(fill(n + 2))
	}
	fmt.Println("published")
	if left > 0 {
		p.Close()
		os.Exit(0)
	}
	select {}
}

func startPublisher(t *testing.T, path string, kill int, period time.Duration) (*exec.Cmd, *bufio.Reader) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "PAGE_TEST_PUBLISHER="+path, "PAGE_TEST_KILL="+strconv.Itoa(kill),
		"PAGE_TEST_PERIOD="+period.String())
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	return cmd, bufio.NewReader(out)
}

// A publisher is killed after each of its steps in turn. A reader, attached
// before or afterwards, has consistent values or none, and none in the end; and
// another publisher takes over.
func TestKilledAtEachStep(t *testing.T) {
	killed := map[string]bool{}
	for kill := 1; ; kill++ {
		path := filepath.Join(t.TempDir(), "p")
		before := open(t, path)
		cmd, out := startPublisher(t, path, kill, time.Hour) // no beat but the first
		line, _ := out.ReadString('\n')
		for range 100 {
			before.check(t)
		}
		if line == "published\n" {
			line, _ = out.ReadString('\n')
		}
		cmd.Wait()
		if line = strings.TrimSpace(line); line == "" {
			break // it had fewer steps
		}
		killed[line] = true
		before.check(t)
		wait(t, line+": detached", func() bool { before.r.Check(); _, ok := before.check(t); return !ok })
		after := open(t, path)
		if _, ok := after.check(t); ok {
			t.Errorf("%s: attached to a dead publisher's page", line)
		}
		p := create(t, path, tick(), 9)
		before.r.Check()
		for _, s := range []*stubs{before, after} {
			s.r.Check()
			if n, ok := s.check(t); !ok || n != 9 {
				t.Errorf("%s: then got %d, %v, %v", line, n, ok, s.r.Err())
			}
			s.r.Close()
		}
		p.Close()
		if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".p.*.new")); len(left) != 0 {
			t.Errorf("%s: files are left: %v", line, left)
		}
	}
	for _, s := range []Step{
		StepLock, StepTemp, StepWrite, StepMap, StepRename, StepMark, StepBeat, StepClear, StepFill,
		StepNumber, StepPoint, StepLive, StepAbandon, StepUnlink,
	} {
		if !killed["killed at "+string(s)] {
			t.Errorf("never killed at %s", s)
		}
	}
}

// A publisher that is stopped is silent; when it goes on, readers attach again.
func TestSilent(t *testing.T) {
	path := filepath.Join(t.TempDir(), "p")
	cmd, out := startPublisher(t, path, 0, 200*time.Millisecond)
	if line, _ := out.ReadString('\n'); line != "published\n" {
		t.Fatal(line)
	}
	s := open(t, path)
	if n, ok := s.check(t); !ok || n != 3 {
		t.Fatalf("got %d, %v, %v", n, ok, s.r.Err())
	}
	cmd.Process.Signal(syscall.SIGSTOP)
	wait(t, "detached", func() bool { _, ok := s.check(t); return !ok })
	if err := s.r.Err(); !errors.Is(err, ErrSilent) {
		t.Errorf("error %v", err)
	}
	if err := open(t, path).r.Err(); !errors.Is(err, ErrSilent) {
		t.Errorf("a new reader: error %v", err)
	}
	cmd.Process.Signal(syscall.SIGCONT)
	wait(t, "attached again", func() bool { n, ok := s.check(t); return ok && n == 3 })
	cmd.Process.Kill()
	cmd.Wait()
	wait(t, "detached", func() bool { _, ok := s.check(t); return !ok })
}

// A full file system is an error, and leaves nothing behind.
func TestFull(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=4k"); err != nil {
		t.Skipf("cannot mount a small file system: %v", err)
	}
	defer syscall.Unmount(dir, 0)
	if _, err := Create(filepath.Join(dir, "p"), tick(), fill(1)); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("error %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*p*")); len(left) > 1 {
		t.Errorf("files are left: %v", left)
	}
}

// A user without permissions reads what is readable, falls back where it is
// not, and cannot publish: in a folder of others, or, in one that all may write
// to with the sticky bit, at the path of another user's page, dead or alive.
func TestNoPermission(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can start a process of another user")
	}
	dir, err := os.MkdirTemp("", "page")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	private, common := filepath.Join(dir, "private"), filepath.Join(dir, "common")
	err = errors.Join(os.Chmod(dir, 0o755), os.Mkdir(private, 0o755), os.Mkdir(common, 0o755),
		os.Chmod(common, 0o777|os.ModeSticky))
	if err != nil {
		t.Fatal(err)
	}
	create(t, filepath.Join(private, "open"), tick(), 1)
	create(t, filepath.Join(private, "closed"), tick(), 1)
	if err := os.Chmod(filepath.Join(private, "closed"), 0o600); err != nil {
		t.Fatal(err)
	}
	create(t, filepath.Join(common, "alive"), tick(), 1)
	cmd, said := startPublisher(t, filepath.Join(common, "dead"), 0, time.Second)
	if line, err := said.ReadString('\n'); line != "published\n" {
		t.Fatal(line, err)
	}
	cmd.Process.Kill()
	cmd.Wait()
	// The folder of the test's program is root's alone.
	child := exec.Command("/proc/self/exe")
	child.Env = append(os.Environ(), "PAGE_TEST_NOBODY="+dir)
	child.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	out, err := child.CombinedOutput()
	want := "private/open: read 1\n" +
		"private/closed: permission denied\n" +
		"publish private/new: permission denied\n" +
		"publish private/open: permission denied\n" +
		"publish common/new: <nil>\n" +
		"publish common/alive: permission denied\n" +
		"publish common/dead: permission denied\n" +
		"left: []\n"
	if string(out) != want || err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// nobody is the process of TestNoPermission.
func nobody(dir string) {
	for _, name := range []string{"private/open", "private/closed"} {
		s := newStubs(Open("tick", filepath.Join(dir, name)))
		err := s.r.Start()
		n, ok := s.a.Load()
		switch {
		case ok && err == nil:
			fmt.Printf("%s: read %d\n", name, n)
		case !ok && errors.Is(err, os.ErrPermission):
			fmt.Println(name + ": permission denied")
		default:
			fmt.Println(name, ok, err)
		}
	}
	for _, name := range []string{"private/new", "private/open", "common/new", "common/alive", "common/dead"} {
		p, err := Create(filepath.Join(dir, name), tick(), fill(2))
		if errors.Is(err, os.ErrPermission) {
			err = errors.New("permission denied")
		}
		fmt.Println("publish "+name+":", err)
		if p != nil {
			p.Close()
		}
	}
	left, _ := filepath.Glob(filepath.Join(dir, "*", ".*.new"))
	fmt.Println("left:", left)
	os.Exit(0)
}

// What is no page is refused.
func TestNotAPage(t *testing.T) {
	dir := t.TempDir()
	good := filepath.Join(dir, "good")
	create(t, good, tick(), 1)
	file, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		make func(path string) error
		want string
	}{
		"empty": {func(p string) error { return os.WriteFile(p, nil, 0o644) }, "0 bytes"},
		"text":  {func(p string) error { return os.WriteFile(p, bytes.Repeat([]byte("x"), 5000), 0o644) }, "magic"},
		"writable": {func(p string) error {
			return errors.Join(os.WriteFile(p, file, 0o644), os.Chmod(p, 0o666))
		}, "may write"},
		"large": {func(p string) error {
			return errors.Join(os.WriteFile(p, file, 0o644), os.Truncate(p, 17<<20))
		}, "bytes"},
		"fifo":    {func(p string) error { return syscall.Mkfifo(p, 0o644) }, "regular"},
		"symlink": {func(p string) error { return os.Symlink(good, p) }, "symbolic links"},
		"program": {func(p string) error { return os.Symlink("/proc/self/exe", p) }, "symbolic links"},
		"folder":  {func(p string) error { return os.Mkdir(p, 0o755) }, "regular"},
	} {
		path := filepath.Join(dir, name)
		if err := c.make(path); err != nil {
			t.Fatal(err)
		}
		s := open(t, path)
		if err := s.r.Err(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want one with %q", name, err, c.want)
		}
		if _, ok := s.check(t); ok {
			t.Errorf("%s: has values", name)
		}
	}
	other := newStubs(Open("tock", good))
	defer other.r.Close()
	if err := other.r.Start(); err == nil {
		t.Error("attached to a page of another name")
	}
	if _, err := Create(filepath.Join(dir, "missing", "p"), tick(), fill(1)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing folder: error %v", err)
	}
}

// A C program reads live values with dlopen and dlvsym.
func TestC(t *testing.T) {
	cc, err := exec.LookPath("cc")
	if err != nil {
		t.Skip("no C compiler")
	}
	dir := t.TempDir()
	program := filepath.Join(dir, "reader")
	build := exec.Command(cc, "-Wall", "-Werror", "-o", program, "testdata/reader.c", "-ldl")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	path := filepath.Join(dir, "p")
	p := create(t, path, tick(), 1)
	cmd := exec.Command(program, path)
	in, _ := cmd.StdinPipe()
	out, _ := cmd.StdoutPipe()
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Process.Kill()
	lines := bufio.NewScanner(out)
	for n := range uint64(9) {
		p.Publish(fill(n))
		fmt.Fprintln(in)
		if !lines.Scan() {
			t.Fatal("the program has ended")
		}
		want := fmt.Sprintf("%d %d %d %s. 0", n, n%2, n+2, strings.Repeat("x", int(n)))
		if lines.Text() != want {
			t.Errorf("got %q, want %q", lines.Text(), want)
		}
	}
	p.Close()
	fmt.Fprintln(in)
	if lines.Scan(); !strings.HasSuffix(lines.Text(), ". 1") {
		t.Errorf("after Close got %q, want the mark", lines.Text())
	}
	in.Close()
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
}
