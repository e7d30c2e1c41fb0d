package imagetest

import (
	"os"
	"sync"
)

// A capture takes what an image writes: in a file while the image lives, in
// memory afterwards, so that a process has no more files open than images.
type capture struct {
	mu   sync.Mutex
	f    *os.File // nil when it is sealed
	text []byte
}

// size returns how much has been written.
func (c *capture) size() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.f == nil {
		return int64(len(c.text))
	}
	info, err := c.f.Stat()
	if err != nil {
		return 0
	}
	return info.Size()
}

// read returns a part of what has been written.
func (c *capture) read(from, to int64) []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.f == nil {
		to = min(to, int64(len(c.text)))
		return c.text[min(from, to):to]
	}
	text := make([]byte, max(0, to-from))
	n, _ := c.f.ReadAt(text, from)
	return text[:n]
}

// seal keeps what has been written, and closes the file.
func (c *capture) seal() {
	size := c.size()
	text := c.read(0, size)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.f != nil {
		c.text = text
		c.f.Close()
		c.f = nil
	}
}

// forget lets the text go.
func (c *capture) forget() {
	c.mu.Lock()
	c.text = nil
	c.mu.Unlock()
}

// temporary returns a capture over a file that has no name any more.
func temporary() (*capture, error) {
	f, err := os.CreateTemp("", "imagetest")
	if err != nil {
		return nil, err
	}
	os.Remove(f.Name())
	return &capture{f: f}, nil
}
