package committed_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/go-vimage/vimage/analyzers/committed"
)

// TestFixes covers the accessors. A package of a module is needed for the rest:
// see cmd/vimagegen/testdata/vet_committed.txtar.
func TestFixes(t *testing.T) {
	analysistest.RunWithSuggestedFixes(t, analysistest.TestData(), committed.Analyzer, "user")
}
