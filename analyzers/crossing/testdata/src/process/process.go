package process

import (
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"runtime/debug"
	"syscall"
	"time"
	"unicode"
)

func changes(c chan os.Signal, f *os.File) {
	os.Setenv("A", "b")            // want `os.Setenv changes the environment, which all images share in a committed build and images of vimage.New without WithEnv in every build \(under vimagegen run each has its own\): pass what an image`
	os.Chdir("/")                  // want `os.Chdir changes the working directory`
	f.Chdir()                      // want `os.File\).Chdir changes the working directory`
	signal.Notify(c, os.Interrupt) // want `signal.Notify changes what the process does on a signal, in every build, and a library does not know what else its program does then: let package main`
	signal.NotifyContext(nil)      // want `signal.NotifyContext changes what the process does on a signal`
	signal.Ignore(syscall.SIGHUP)  // want `signal.Ignore changes what`
	syscall.Umask(0o22)            // want `syscall.Umask changes the process's file mode mask`
	syscall.Setrlimit(0, nil)      // want `syscall.Setrlimit changes the process's limits`
	runtime.GOMAXPROCS(4)          // want `runtime.GOMAXPROCS changes how many CPUs`
	debug.SetGCPercent(10)         // want `debug.SetGCPercent changes`
	http.DefaultTransport = nil    // want `http.DefaultTransport is assigned, which in a committed build is one for all images`
	http.DefaultClient.Timeout = 1 // want `http.DefaultClient is changed, which in a committed build is one for all images \(in a vimagegen build each has its own\)`
	net.DefaultResolver = nil      // want `net.DefaultResolver is assigned, which in a committed build is one for all images \(in a vimagegen build each has its own\)`
	unicode.Scripts["x"] = nil     // want `unicode.Scripts is changed, which in a committed build is one for all images \(in a vimagegen build each has its own\)`
	time.Local = time.UTC          // want `time.Local is assigned, which in a committed build is one for all images \(in a vimagegen build each has its own\)`
	runtime.MemProfileRate = 1     // want `runtime.MemProfileRate is assigned, which is one for all images in every build \(a vimagegen build refuses that unless`
}

func near(c chan os.Signal) {
	os.Getenv("A")
	os.LookupEnv("A")
	runtime.GOMAXPROCS(0)
	debug.SetMemoryLimit(-1)
	signal.Stop(c)
	cmd := exec.Command("true")
	cmd.Env = append(os.Environ(), "A=b")
	cmd.Dir = "/"
	client := &http.Client{Timeout: 1}
	client.Timeout = 2
	os.WriteFile("x", nil, 0o666)
}

type file struct {
	n   int
	err error
}

// open has several results, one of them reached from a variable of the standard library.
func open(ok bool) (*file, error) {
	if !ok {
		return nil, os.ErrInvalid
	}
	return &file{err: os.ErrInvalid}, nil
}

func nearResults(ok bool) {
	f, _ := open(ok)
	f.n = 1
	client := http.DefaultClient
	if ok {
		client = &http.Client{}
		client.Timeout = 1
	}
	client.Get("x")
}
