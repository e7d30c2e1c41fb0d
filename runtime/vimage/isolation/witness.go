package isolation

import (
	"os"
	"strconv"
	"strings"

	"github.com/go-vimage/vimage/runtime/vimage"
)

// A Witness is an image in which nothing is run but its initialisation: what
// reaches it came from elsewhere, and what changes in it too, but for what its
// initialisation has left running.
type Witness struct {
	image  *vimage.Image
	before *Snapshot // nil if changes are not asked for
	opts   []Option
	dir    string // for dumps, whatever tests make of the environment
	err    error  // instead
}

// NewWitness creates one beside the images that there are.
func NewWitness(diff bool, opts ...Option) *Witness {
	w := &Witness{opts: opts, dir: os.TempDir()}
	if w.image, w.err = vimage.New(vimage.WithName("witness")); w.err != nil {
		w.err = oneLine("there is no second image: ", w.err)
		return w
	}
	if diff {
		w.before, w.err = Take(w.image, opts...)
	}
	return w
}

// Report says what is wrong: a line, and more that go into particulars; nothing
// if the images are isolated.
func (w *Witness) Report() []string {
	leaks, changes, err := w.look()
	if err != nil {
		return []string{oneLine("isolation is not checked, ", err).Error()}
	}
	if len(leaks) == 0 && len(changes) == 0 {
		return nil
	}
	lines := []string{"images are not isolated"}
	for _, l := range leaks {
		lines = append(lines, l.From[0].String()+" reaches "+l.Type+",", l.From[1].String()+" does, too")
	}
	for _, c := range changes {
		lines = append(lines, c.String())
	}
	if n := w.image.Goroutines(); n > 0 && len(changes) > 0 {
		lines = append(lines, "in image "+w.image.Name()+", goroutines of its own run since its initialisation: "+strconv.Itoa(n))
	}
	return lines
}

func (w *Witness) look() (leaks []Leak, changes []Change, err error) {
	if w.err != nil {
		return nil, nil, w.err
	}
	if leaks, err = check(w.dir, w.opts); err == nil && w.before != nil {
		changes, err = w.before.Changes()
	}
	return leaks, changes, err
}

// Close removes what is kept of it in files.
func (w *Witness) Close() {
	if w.before != nil {
		w.before.Close()
	}
}

type lineError string

func (e lineError) Error() string { return string(e) }

func oneLine(what string, err error) error {
	return lineError(what + strings.ReplaceAll(err.Error(), "\n", " "))
}
