package corpus

import "testing"

// TestSameBinary is of the smallest module; the command identity does all.
func TestSameBinary(t *testing.T) {
	if err := SameBinary(t.TempDir(), Module{Path: "github.com/google/uuid", Name: "uuid"}); err != nil {
		t.Error(err)
	}
}
