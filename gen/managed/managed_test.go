package managed_test

import (
	"strings"
	"testing"

	"github.com/go-vimage/vimage/analyzers/naming"
	"github.com/go-vimage/vimage/internal/builds"
)

// TestAccesses compares the author's files, in which accesses to counters and
// settings are spelled otherwise, and the refusals of those that cannot be.
func TestAccesses(t *testing.T) {
	builds.Each(t, func(base string) bool { return !strings.HasPrefix(base, naming.File) })
}
