package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// Readers run while publishers come and are killed. No reader is ever wrong.
func TestProcesses(t *testing.T) {
	if testing.Short() {
		t.Skip("starts processes")
	}
	if runtime.GOOS == "windows" || runtime.GOOS == "plan9" {
		t.Skip("files cannot be mapped on this system")
	}
	dir := t.TempDir()
	program, path := filepath.Join(dir, "page"), filepath.Join(dir, "tick")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	read := func() <-chan string {
		c := make(chan string, 1)
		go func() {
			out, err := exec.Command(program, "read", path).CombinedOutput()
			if err != nil {
				out = append(out, err.Error()...)
			}
			c <- string(out)
		}()
		return c
	}
	publish := func() *exec.Cmd {
		cmd := exec.Command(program, "publish", path)
		cmd.Stderr = os.Stderr
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		return cmd
	}
	parse := func(text string) (reads, fallbacks, publishers int) {
		_, err := fmt.Sscanf(text, "%d reads, %d fallbacks, %d publishers\n", &reads, &fallbacks, &publishers)
		if err != nil {
			t.Fatalf("%v: %s", err, text)
		}
		return reads, fallbacks, publishers
	}

	// Nobody publishes.
	if reads, fallbacks, publishers := parse(<-read()); reads != fallbacks || publishers != 0 {
		t.Errorf("without a publisher: %d reads, %d fallbacks, %d publishers", reads, fallbacks, publishers)
	}
	// The reader comes first; publishers come and are killed.
	before := read()
	var last *exec.Cmd
	for range 3 {
		time.Sleep(50 * time.Millisecond)
		last = publish()
		time.Sleep(200 * time.Millisecond)
		last.Process.Kill()
		last.Wait()
	}
	if reads, fallbacks, publishers := parse(<-before); fallbacks == 0 || fallbacks == reads || publishers == 0 {
		t.Errorf("with publishers that are killed: %d reads, %d fallbacks, %d publishers", reads, fallbacks, publishers)
	}
	// The publisher comes first.
	last = publish()
	defer last.Wait()
	defer last.Process.Kill()
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		if _, err := os.Stat(path); err == nil {
			break
		} else if time.Now().After(end) {
			t.Fatal(err)
		}
	}
	if reads, fallbacks, publishers := parse(<-read()); fallbacks == reads || publishers != 1 {
		t.Errorf("after the publisher: %d reads, %d fallbacks, %d publishers", reads, fallbacks, publishers)
	}
	// A second publisher of the path is refused.
	if out, err := exec.Command(program, "publish", path).CombinedOutput(); err == nil ||
		!strings.Contains(string(out), "another publisher has the page") {
		t.Errorf("a second publisher: %v\n%s", err, out)
	}
}
