package vdso

import "github.com/go-vimage/vimage/runtime/vdso/page"

// A Server keeps a clock for other processes.
type Server struct {
	pub  *page.Publisher
	stop chan struct{}
	done chan struct{}
}

// Serve publishes a clock at a path, "" for the usual one, and keeps it on a
// goroutine of its own. The error is page.Create's.
func Serve(path string) (*Server, error) {
	k := newKeeper(theSystem())
	pub, err := page.Create(path, schema(), k.fill)
	if err != nil {
		return nil, err
	}
	k.pages = append(k.pages, pub)
	s := &Server{pub: pub, stop: make(chan struct{}), done: make(chan struct{})}
	go func() {
		defer close(s.done)
		k.run(s.stop)
		k.giveUp("the clock was closed")
	}()
	return s, nil
}

// Close lets the clock end. Its readers read the system's.
func (s *Server) Close() error {
	close(s.stop)
	<-s.done
	return s.pub.Close()
}
