//nolint:words // the whole file
package a

var badWhole int

func whole() { badWhole++ }
