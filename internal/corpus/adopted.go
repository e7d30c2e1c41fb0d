package corpus

import (
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

//go:embed adopted.txt
var adoptedExplanations string

// An Adoption is what became of a module that has adopted committed builds.
type Adoption struct {
	Plain, Vimage Verdicts // of its tests, on the stock toolchain
	Differences   []Difference
	Files, Notes  int           // that were written or changed; lines about what images share
	Generate      time.Duration // the first run
	Unchanged     time.Duration // -check, of the same tree
	Identity      string        // the total of vimagegen identity -base, before and after
	Images        string        // what the module's program says of three images
	Size          Size          // of that program, in its plain build
}

// Adopt copies a module, adopts committed builds in it as its maintainers
// would, and runs its tests in both builds, and a program that makes three
// images. An error says what does not hold: machine code changes, a plain
// binary has an accessor, images are not isolated, a second run changes
// something, -check does not pass, or does not notice an edit, or -clean does
// not restore the tree to the byte.
func Adopt(tool Tool, dir string, m Module) (*Adoption, error) {
	a, err := newAdopter(tool, dir, m)
	if err != nil {
		return nil, err
	}
	before, err := a.snapshot()
	if err != nil {
		return nil, err
	}
	binary, err := a.build()
	if err != nil {
		return nil, err
	}
	res := new(Adoption)
	began := time.Now()
	said, err := a.generate("-adopt")
	if err != nil {
		return nil, err
	}
	res.Generate, res.Notes = time.Since(began), strings.Count(said, "\n")
	after, err := a.snapshot()
	if err != nil {
		return nil, err
	}
	res.Files = len(changed(before, after))
	if res.Size, err = a.size(binary, before, after); err != nil {
		return nil, err
	}
	if res.Identity, err = a.identity(); err != nil {
		return nil, err
	}
	if err := a.tests(res); err != nil {
		return nil, err
	}
	if res.Images, err = a.images(); err != nil {
		return nil, err
	}
	began = time.Now()
	if said, err := a.generate("-check"); err != nil {
		return nil, fmt.Errorf("-check of what was just written: %w\n%s", err, said)
	}
	res.Unchanged = time.Since(began)
	if again, err := a.snapshot(); err != nil || len(changed(after, again)) > 0 {
		return nil, errors.Join(err, fmt.Errorf("something changed %s", strings.Join(changed(after, again), ", ")))
	}
	if err := a.edited(after); err != nil {
		return nil, err
	}
	if _, err := a.generate("-clean"); err != nil {
		return nil, err
	}
	clean, err := a.snapshot()
	if err != nil {
		return nil, err
	}
	if names := changed(before, clean); len(names) > 0 {
		return nil, fmt.Errorf("-clean does not restore %s", strings.Join(names, ", "))
	}
	return res, nil
}

// tests runs the module's tests in both builds.
func (a *adopter) tests(res *Adoption) (err error) {
	if res.Plain, err = a.test(); err != nil {
		return err
	}
	if res.Vimage, err = a.test("-tags=vimage"); err != nil {
		return err
	}
	all := compare(res.Plain, res.Vimage)
	res.Differences = slices.DeleteFunc(slices.Clone(all), func(d Difference) bool { // a package fails with its tests
		return d.Test == "" && slices.ContainsFunc(all, func(o Difference) bool {
			return o.Test != "" && o.Package == d.Package
		})
	})
	return explain(adoptedExplanations, a.m.Path, res.Differences)
}
