//go:build !vimage

package limit

import "testing"

func TestRaised(t *testing.T) {
	Max = 10
	if !Enter(5) {
		t.Error("5 of 10 is refused")
	}
}

func TestDefault(t *testing.T) {
	if Enter(5) {
		t.Error("5 of 2 may enter")
	}
}
