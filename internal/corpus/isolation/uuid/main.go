// Command uuid replaces the random source, the node and the clock sequence.
package main

import (
	"fmt"

	"github.com/google/uuid"

	"github.com/go-vimage/vimage/internal/corpus/isolation/turn"
)

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func main() {
	turn.Play(func() {
		uuid.SetRand(zeros{})
		uuid.SetNodeID([]byte("vimage"))
		uuid.SetClockSequence(7)
	}, func() string {
		random := uuid.New().String() == "00000000-0000-4000-8000-000000000000"
		one := uuid.Must(uuid.NewUUID())
		return fmt.Sprint(random, string(one.NodeID()) == "vimage", one.ClockSequence() == 7, uuid.NodeInterface() == "user")
	})
}
