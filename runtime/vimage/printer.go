package vimage

import (
	"bytes"
	"os"
	"sync"
	"time"
)

// A printer prints the lines of several images, each whole, each with its
// image's name in front.
type printer struct {
	mu  sync.Mutex
	out [2]*os.File // duplicates of image 0's os.Stdout and os.Stderr
}

// open opens what the printer prints to.
func (p *printer) open() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, f := range []*os.File{os.Stdout, os.Stderr} {
		if p.out[i] == nil {
			p.out[i] = duplicate(f)
		}
	}
}

// A pipe is one image's way to a file of the process.
type pipe struct {
	w    *os.File
	done chan struct{} // closed when all is printed
}

// pipe starts printing what is written to the pipe, to the file. When the file
// takes no more, nor does the pipe.
func (p *printer) pipe(prefix string, to *os.File) (*pipe, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer r.Close()
		var pending []byte
		buf := make([]byte, 8<<10)
		for {
			n, err := r.Read(buf)
			pending = append(pending, buf[:n]...)
			for {
				i := bytes.IndexByte(pending, '\n')
				if i < 0 {
					break
				}
				if p.line(to, prefix, pending[:i]) != nil {
					return
				}
				pending = pending[i+1:]
			}
			if err != nil {
				if len(pending) > 0 {
					p.line(to, prefix, pending)
				}
				return
			}
		}
	}()
	return &pipe{w, done}, nil
}

func (p *printer) line(to *os.File, prefix string, line []byte) error {
	whole := make([]byte, 0, len(prefix)+len(line)+1)
	whole = append(append(append(whole, prefix...), line...), '\n')
	p.mu.Lock()
	defer p.mu.Unlock()
	_, err := to.Write(whole)
	return err
}

// drain closes the image's end and waits until all is printed. A process that
// the image started, and which holds the other end open, is not waited for
// long.
func (p *pipe) drain() {
	p.w.Close()
	select {
	case <-p.done:
	case <-time.After(time.Second):
	}
}
