package a

import (
	"config"
	"fmt"
	"net"
	"net/http"
	"os"
	"sort"
	"unicode"
)

func Assign() {
	config.ErrBad = nil // want `variable ErrBad of package config changes here after initialisation`
}

func Field() {
	config.Default.Level++ // want `variable Default of package config changes here after initialisation`
}

func Handed() {
	sort.Strings(config.List) // want `variable List of package config changes here after initialisation: written by sort.Strings, called in a.Handed`
}

var sorted = []string{"b", "a"} // want `variable sorted changes after initialisation: written by sort.Strings, called in a.Sort`

func Sort() { sort.Strings(sorted) }

var shown = []string{"b", "a"}

// Printing hands a variable to what may do anything, which is not reported, nor is what a package does with its own.
func Show() {
	fmt.Println(shown)
	fmt.Fprintln(os.Stderr, len(shown))
	os.Stdout.WriteString("x")
}

var last = []int{1, 2, 3}

// A copy is not the variable.
func Copy() []int {
	c := append([]int(nil), last...)
	c[0] = 2
	return c
}

var handler = func() int { return 1 } // want `variable handler changes after initialisation: written in a.SetHandler`

func SetHandler(f func() int) { handler = f }

// Output assigns variables of the standard library, which package crossing reports.
func Output() {
	os.Stderr = os.Stdout
	http.DefaultClient.Timeout = 1
	http.ErrNotSupported = nil
	net.DefaultResolver = nil
	unicode.Scripts["x"] = nil
}

// Deleted changes one by other means than an assignment.
func Deleted() {
	delete(unicode.Categories, "Lu") // want `variable Categories of package unicode changes here after initialisation: written in a.Deleted .*; in a committed build all images see it \(in a vimagegen build each has its own\)`
}
