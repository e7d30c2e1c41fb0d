package self

import (
	"fmt"
	"time"

	"github.com/go-vimage/vimage/runtime/vdso/page"
	"github.com/go-vimage/vimage/runtime/vimage"
)

// Every is how often an image's page is brought up to date.
const Every = 100 * time.Millisecond

// A Page is an image's page.
type Page struct {
	im      *vimage.Image
	path    string
	stats   []stat
	pub     *page.Publisher
	schema  page.Schema
	stop    chan struct{}
	stopped chan struct{}
}

// An Option is a wish for [Publish].
type Option func(*Page)

// WithPath sets the path of the page.
func WithPath(path string) Option { return func(p *Page) { p.path = path } }

// WithStats publishes counters: a pcpu.Counter or pcpu.Stats, of which SumAny
// returns an integer, or a struct or array of integers.
func WithStats(name string, s interface{ SumAny() any }) Option {
	return func(p *Page) { p.stats = append(p.stats, stat{name, s}) }
}

// Publish makes the page of the current image. In a plain build that is image 0.
// Close it when it is not wanted any more; it is closed with the image.
func Publish(opts ...Option) (*Page, error) {
	p := &Page{im: vimage.Current(), stop: make(chan struct{}), stopped: make(chan struct{})}
	if p.im == nil && vimage.Available() != nil {
		p.im = vimage.Zero() // a plain build has no other
	}
	if p.im == nil {
		return nil, fmt.Errorf("self: no image is current here")
	}
	p.path = page.Path(fmt.Sprintf("image.%d.%d", Pid(), p.im.ID()))
	for _, o := range opts {
		o(p)
	}
	if err := p.refresh(); err != nil {
		return nil, err
	}
	p.im.Go(p.run) // Close of the image waits for it
	return p, nil
}

// Path returns where the page is.
func (p *Page) Path() string { return p.path }

// Close ends the publication.
func (p *Page) Close() {
	select {
	case <-p.stop:
	default:
		close(p.stop)
	}
	<-p.stopped
}

func (p *Page) run() {
	defer close(p.stopped)
	defer func() { p.pub.Close() }()
	t := time.NewTicker(Every)
	defer t.Stop()
	var parent <-chan struct{}
	if up := p.im.Parent(); up != nil {
		parent = up.Context().Done()
	}
	for {
		select {
		case <-p.stop:
			return
		case <-p.im.Context().Done():
			p.refresh() // the state
			return
		case <-parent:
			parent = nil // written by the parent's exit
		case <-t.C:
		}
		if err := p.refresh(); err != nil {
			return
		}
	}
}

// refresh publishes the values of now, in a new page if their set has changed.
func (p *Page) refresh() error {
	rows := p.rows()
	s := schemaOf(rows)
	fill := func(b []byte) { put(b, s, rows) }
	if p.pub != nil && s.ABI() == p.schema.ABI() {
		return p.pub.Publish(fill)
	}
	if p.pub != nil {
		p.pub.Close()
	}
	pub, err := page.Create(p.path, s, fill)
	if err != nil {
		return err
	}
	p.pub, p.schema = pub, s
	return nil
}
