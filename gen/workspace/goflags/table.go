package goflags

import (
	"maps"
	"slices"
	"strings"
)

// The flags of go build, go run and go test in Go 1.26, from
// cmd/go/internal/work.AddBuildFlags and the packages of the three commands.
const (
	buildBools = " a n v x asan cover buildvcs json linkshared modcacherw msan race trimpath work "
	buildOther = " C p asmflags buildmode compiler covermode coverpkg debug-actiongraph debug-runtime-trace" +
		" debug-trace gccgoflags gcflags installsuffix ldflags mod modfile overlay pgo pkgdir tags toolexec "

	// Of go test, not for the test binary.
	testBools = " c "
	testOther = " exec o vet "

	// Of go test, for the test binary; each may also be written test.name.
	binaryBools = " artifacts benchmem failfast fullpath short v "
	binaryOther = " bench benchtime blockprofile blockprofilerate count coverprofile cpu cpuprofile fuzz" +
		" fuzzminimizetime fuzztime list memprofile memprofilerate mutexprofile mutexprofilefraction" +
		" outputdir parallel run shuffle skip timeout trace "
)

// lookup reports whether a verb has a flag, and whether that is boolean.
func (p parser) lookup(name string) (boolean, known bool) {
	if boolean, known := p.extra[name]; known {
		return boolean, true
	}
	bools, other := p.flags()
	if p.verb == "test" {
		short, ok := strings.CutPrefix(name, "test.")
		if ok {
			name, bools, other = short, "", ""
		}
		bools += binaryBools
		other += binaryOther
	}
	if strings.Contains(bools, " "+name+" ") {
		return true, true
	}
	return false, strings.Contains(other, " "+name+" ")
}

// flags are those of the verb, without the ones of test binaries.
func (p parser) flags() (bools, other string) {
	switch p.verb {
	case "build":
		return buildBools, buildOther + " o "
	case "run":
		return buildBools, buildOther + " exec "
	case "test":
		return buildBools + testBools, buildOther + testOther
	}
	return buildBools, buildOther
}

// names are all flags that the verb has.
func (p parser) names() []string {
	bools, other := p.flags()
	if p.verb == "test" {
		bools, other = bools+binaryBools, other+binaryOther
	}
	return append(strings.Fields(bools+other), slices.Collect(maps.Keys(p.extra))...)
}
