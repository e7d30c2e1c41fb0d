package verdicts

import (
	"reflect"
	"slices"
	"testing"

	"github.com/go-vimage/vimage/analyzers/proof"
)

// A field of the proof's input that the key leaves out has stale results taken
// for good: whoever adds one decides here how the key gets it.
func TestFields(t *testing.T) {
	hashed := []string{
		"SSA", "Packages", "Roots", "Libraries", "Opened", "Seeds", "Linknames", "Joined", "Outside", "Protecting",
		"InPlay", "Library", "If", "Counts", "Static", "Partly",
	}
	followsFromFiles := []string{"Nearness", "Assigns"}
	notKept := []string{"Unseen", "Registrars"}
	known := slices.Concat(hashed, followsFromFiles, notKept)
	input := reflect.TypeFor[proof.Input]()
	for i := range input.NumField() {
		if name := input.Field(i).Name; !slices.Contains(known, name) {
			t.Errorf("proof.Input.%s is not in the key", name)
		}
	}
	if len(known) != input.NumField() {
		t.Errorf("proof.Input has %d fields, want %d", input.NumField(), len(known))
	}
}
