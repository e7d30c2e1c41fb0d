package aliases_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/go-vimage/vimage/analyzers/aliases"
)

func Test(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), aliases.Analyzer, "kernel", "module", "right")
}
