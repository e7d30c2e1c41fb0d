// Package turn lets two images of one program take turns: they share no memory,
// so they meet over files.
package turn

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/go-vimage/vimage/runtime/vimage"
	"github.com/go-vimage/vimage/runtime/vimage/isolation"
)

// Play is the main function of a program that is started as image 1 and image 2
// with the arguments
//
//	IMAGE DIR
//
// Image 1 prints what see returns, changes it, and prints it again; then image
// 2 prints what it sees; then image 1 prints a last time, makes more images,
// and says what several of them reach.
func Play(change func(), see func() string) {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: IMAGE DIR")
		os.Exit(2)
	}
	image, dir := os.Args[1], os.Args[2]
	if image == "1" {
		fmt.Println("first:", see())
		change()
		fmt.Println("changed:", see())
		done(dir, "changed")
		wait(dir, "seen")
		fmt.Println("still:", see())
		fmt.Println("create:", create())
		fmt.Println("common:", common())
		return
	}
	wait(dir, "changed")
	fmt.Println("other:", see())
	done(dir, "seen")
}

// create returns the median of the times that it takes to make an image. The
// images are not closed: what a package starts in each, as a daemon that
// flushes logs, may never end. They end with the process.
func create() time.Duration {
	var times []time.Duration
	for range 51 {
		start := time.Now()
		_, err := vimage.New()
		times = append(times, time.Since(start))
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	slices.Sort(times)
	return times[len(times)/2]
}

// common tells what several of the images reach.
func common() string {
	leaks, err := isolation.Check()
	if err != nil {
		return err.Error()
	}
	return fmt.Sprint(len(leaks), leaks)
}

func done(dir, step string) {
	if err := os.WriteFile(filepath.Join(dir, step), nil, 0o666); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func wait(dir, step string) {
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if _, err := os.Stat(filepath.Join(dir, step)); err == nil {
			return
		}
	}
	fmt.Fprintf(os.Stderr, "nobody came to say %q\n", step)
	os.Exit(1)
}
