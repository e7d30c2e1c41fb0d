//go:build !vimage

package alias

// own has the modules whose slots are per image. In a build without images
// there is one.
//
//vimage:virtual each image has its own layers
var own Linker

// image returns the current image's linker.
func image() *Linker { return &own }
