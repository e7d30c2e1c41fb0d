package plan_test

import (
	"os"
	"testing"

	"github.com/go-vimage/vimage/internal/collect"
)

// TestMain lets the tests plan dozens of programs as the command plans one.
func TestMain(m *testing.M) {
	if os.Getenv("GOGC") == "" {
		collect.Seldom(collect.Spare)
	}
	os.Exit(m.Run())
}
