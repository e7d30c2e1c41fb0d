package crossing_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/go-vimage/vimage/analyzers/crossing"
)

func TestFindings(t *testing.T) {
	if testing.Short() {
		t.Skip("analyses the standard library")
	}
	// Together, for then the standard library is looked into once.
	analysistest.Run(t, analysistest.TestData(), crossing.Analyzer,
		"store", "pool", "worker", "registry", "lost", "process", "program")
}

func TestFixes(t *testing.T) {
	analysistest.RunWithSuggestedFixes(t, analysistest.TestData(), crossing.Analyzer, "lock")
}
