// Package need names what only the corpus modules' tests import, in folders
// that hold nothing else, so that "go mod tidy" keeps it.
package need

import (
	_ "github.com/davecgh/go-spew/spew" // json-iterator/go/type_tests
	_ "github.com/google/gofuzz"        // json-iterator/go/type_tests
)
