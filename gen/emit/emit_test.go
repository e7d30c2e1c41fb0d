package emit_test

import (
	"strings"
	"testing"

	"github.com/go-vimage/vimage/analyzers/naming"
	"github.com/go-vimage/vimage/internal/builds"
)

// TestEmit compares the files that are added to packages.
func TestEmit(t *testing.T) {
	builds.Each(t, func(base string) bool { return strings.HasPrefix(base, naming.File) })
}
