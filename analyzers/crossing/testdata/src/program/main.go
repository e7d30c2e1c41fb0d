// Package main is the one place that may take signals for its program.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	reload := make(chan os.Signal, 1)
	signal.Notify(reload, syscall.SIGHUP)
	signal.Ignore(syscall.SIGPIPE) // want `signal.Ignore changes what the process does on a signal`
	os.Chdir("/")                  // want `os.Chdir changes the working directory`
	<-ctx.Done()
}
