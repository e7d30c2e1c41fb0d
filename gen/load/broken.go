package load

// BrokenError is the error for those packages that do not type-check and were tolerated, nil if there are none.
func (prog *Program) BrokenError() error { return prog.errors() }
