package names

import (
	. "dotted/names" // want `the dot import of dotted/names brings in its hook INIT_VNET_NAMES`
	. "other"
)

var own int

// Sum reads both.
func Sum() int {
	own++
	var b Box
	b.Count = Count
	return own + Shared + b.Count + Add(Box{Count: 1})
}

type more struct{ Box }

func (m more) count() int { return m.Box.Count }
