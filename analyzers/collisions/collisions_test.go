package collisions_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/go-vimage/vimage/analyzers/collisions"
)

func TestFindings(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), collisions.Analyzer, "files", "quiet", "constrained", "cvars", "worded")
}

func TestFixes(t *testing.T) {
	analysistest.RunWithSuggestedFixes(t, analysistest.TestData(), collisions.Analyzer, "names", "dotted")
}
