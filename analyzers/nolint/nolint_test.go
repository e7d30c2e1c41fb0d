package nolint_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/go-vimage/vimage/analyzers/nolint"
)

func TestFindings(t *testing.T) {
	analysistest.RunWithSuggestedFixes(t, analysistest.TestData(), nolint.Analyzer, "a")
}
