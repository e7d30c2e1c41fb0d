package cli

import (
	"fmt"
	"time"

	"github.com/go-vimage/vimage/gen/workspace/goflags"
)

// apartFlags are the flags of test that are about an image for each test.
type apartFlags struct {
	on    bool // -isolate=test
	words []string
}

// apartOwn are their names, as for ownFlags.
func apartOwn() map[string]bool {
	return map[string]bool{"isolate": false, "testmain": false, "test-timeout": false}
}

// readApart reads them.
func readApart(line goflags.Line, c *command) (apartFlags, error) {
	var a apartFlags
	switch v, ok := line.Last("isolate"); {
	case v == "test":
		a.on = true
	case ok && v != "package":
		return a, usageError{fmt.Sprintf("invalid value %q for flag -isolate: want package or test", v)}
	}
	if a.on && c.slot != "g" {
		return a, usageError{"-isolate=test is for -slot g"}
	}
	if a.on && c.check {
		return a, usageError{"-check-isolation compares two images of a package's tests: it is not for -isolate=test"}
	}
	if v, ok := line.Last("test-timeout"); ok {
		if d, err := time.ParseDuration(v); err != nil || d <= 0 {
			return a, usageError{fmt.Sprintf("invalid value %q for flag -test-timeout: want a duration above 0, as 30s", v)}
		}
		if !a.on {
			return a, usageError{"-test-timeout is for -isolate=test"}
		}
		a.words = append(a.words, "test-timeout="+v)
	}
	once, ok := line.Last("testmain")
	if ok && once != "once" && once != "image" {
		return a, usageError{fmt.Sprintf("invalid value %q for flag -testmain: want image or once", once)}
	}
	if ok && !a.on {
		return a, usageError{"-testmain is for -isolate=test"}
	}
	if a.on {
		a.words = append(a.words, "isolate=test")
	}
	if once == "once" {
		a.words = append(a.words, "testmain=once")
	}
	return a, nil
}

// option is the linker's option that gives them to package testing, with a space
// in front.
func (a apartFlags) option() string {
	option := ""
	for _, w := range a.words {
		option += "," + w
	}
	if option == "" {
		return ""
	}
	return " -X=testing.vnetAsked=" + option[1:]
}
