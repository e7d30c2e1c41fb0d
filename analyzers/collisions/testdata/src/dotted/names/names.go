package names

// Shared is shared.
var Shared int

// Box is a type.
type Box struct{ Count int }

// Add adds.
func Add(b Box) int { return Shared + b.Count }
