package a

import "fmt"

var badVar int // want "bad name"

var (
	good       int
	badInGroup int // want "bad name"
)

const good2, badConst = 1, 2 // want "bad name"

type T[P any] struct{}

func (t *T[P]) badMethod() { // want "bad name"
	badLocal := 1         // want "bad name"
	fmt.Println(badLocal) //nolint:words // this line alone
}

func use() {
	good = badVar /* want "bad name" */ //nolint:other // another tool's
	good = badVar /* want "bad name" */ //nolint:words
	good = badVar // nolint:other, words // two names
	good = badVar //nolint:vimage // all of ours
	good = badVar /* want "bad name" */ //nolint // no name
}

//nolint:words // the declaration that follows
func silent() {
	good = badVar
	good = badVar
}

// A doc comment.
//
//nolint:words // behind a doc comment
var badSilent int

//nolint:words // not what is farther on

var badHeard int // want "bad name"

func statements() { //nolint:words // from here to its end
	good = badVar
}

func after() {
	//nolint:words // the statement that follows
	if good > 0 {
		good = badVar
	}
	good = badVar // want "bad name"
}
