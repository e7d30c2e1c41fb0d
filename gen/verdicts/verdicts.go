package verdicts

import (
	"github.com/go-vimage/vimage/analyzers/proof"
	"github.com/go-vimage/vimage/gen/load"
)

// A Store keeps data by keys that are file names. Its caller sees to it that
// what another version of this program kept has other keys.
type Store interface {
	Kept(key string) []byte // nil if there is nothing
	Keep(key string, data []byte)
}

// Analyze returns what [proof.Analyze] returns for the input, which was made of
// the program. If store is nil, it neither finds nor keeps anything.
func Analyze(prog *load.Program, in proof.Input, store Store) (*proof.Result, error) {
	if store == nil || in.Unseen != nil || len(in.Registrars) > 0 {
		return proof.Analyze(in)
	}
	files := newFiles(prog)
	if files == nil {
		return proof.Analyze(in)
	}
	key := identity(prog, files, in)
	if data := store.Kept(key); data != nil {
		if res := decode(files, data); res != nil {
			return res, nil
		}
	}
	res, err := proof.Analyze(in)
	if err != nil {
		return nil, err
	}
	if data := encode(files, res); data != nil {
		store.Keep(key, data)
	}
	return res, nil
}
