package isolation

import (
	"strings"

	"github.com/go-vimage/vimage/runtime/vimage"
)

// A Witness is an image in which nothing is run but its initialisation: what reaches it came from elsewhere.
type Witness struct {
	image *vimage.Image
	err   error // instead
}

// NewWitness creates one beside the images that there are.
func NewWitness() *Witness {
	im, err := vimage.New(vimage.WithName("witness"))
	return &Witness{im, err}
}

// Report says what is wrong: a line, and more that go into particulars; nothing if the images are isolated.
func (w *Witness) Report() []string {
	if w.err != nil {
		return oneLine("isolation is not checked, there is no second image: ", w.err)
	}
	leaks, err := Check()
	if err != nil {
		return oneLine("isolation is not checked: ", err)
	}
	if len(leaks) == 0 {
		return nil
	}
	lines := []string{"images are not isolated"}
	for _, l := range leaks {
		lines = append(lines, l.From[0].String()+" reaches "+l.Type+",", l.From[1].String()+" does, too")
	}
	return lines
}

func oneLine(what string, err error) []string {
	return []string{what + strings.ReplaceAll(err.Error(), "\n", " ")}
}
