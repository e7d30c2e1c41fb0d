package process

import (
	"os"
	"testing"
)

func TestEnv(t *testing.T) {
	os.Setenv("A", "b") // a test binary is a process of its own
	t.Setenv("A", "b")
}
