package rewrite_test

import (
	"strings"
	"testing"

	"github.com/go-vimage/vimage/analyzers/naming"
	"github.com/go-vimage/vimage/internal/builds"
)

// TestRewrite compares the author's files as each build has them.
func TestRewrite(t *testing.T) {
	builds.Each(t, func(base string) bool { return !strings.HasPrefix(base, naming.File) })
}
