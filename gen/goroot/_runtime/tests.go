package tests

import (
	vimage "container"
	"flag"
	imagetest "internal/types"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// In binaries of vimagegen test -isolate=test, each top-level test, fuzz target
// and example runs in an image of its own. The image of EnterTest begins the
// run: it is the one that TestMain, flags, profiles and benchmarks see as the
// process. When M.Run comes to the tests, it starts images in which the
// binary's main function runs anew, and M.Run runs one test.

// vnetAsked is what vimagegen test was asked for, set by the linker: words,
// with a comma between them.
var vnetAsked string

// vnetReasonFile names a file with lines of a variable, a tab, and why it is
// virtual; set by the linker.
var vnetReasonFile string

// vnetArgs are the arguments of MainStart, vnetEnviron and vnetDir the
// environment and the working directory before it.
var (
	vnetArgs struct {
		deps        testDeps
		tests       []InternalTest
		benchmarks  []InternalBenchmark
		fuzzTargets []InternalFuzzTarget
		examples    []InternalExample
	}
	vnetEnviron []string
	vnetDir     string
)

// vnetRunning is the run of the images while it lasts; vnetJobs are its jobs by
// image, each a *vnetJob.
var (
	vnetM        *M // of the image that began the run, if each test has an image of its own
	vnetRunning  *imagetest.Run
	vnetJobs     sync.Map
	vnetByJob    sync.Map   // the same by *imagetest.Job
	vnetMatching sync.Mutex // held for MatchString, which keeps the last pattern
	vnetDeadline time.Time
	vnetBegan    time.Time
)

// A vnetJob is a job with what package testing counts for it.
type vnetJob struct {
	*imagetest.Job
	failed           atomic.Uint32 // instead of numFailed
	parStart, parEnd atomic.Int64  // instead of parallelStart and parallelStop
	moved            atomic.Bool   // it has changed the process's working directory
	image            *vimage.Image
}

// vnetCurrent returns the job of the current image, nil if it has none.
func vnetCurrent() *vnetJob {
	if im := vimage.Current(); im != nil {
		if j, ok := vnetJobs.Load(im); ok {
			return j.(*vnetJob)
		}
	}
	return nil
}

// vnetWants reports whether vimagegen test was asked for a word.
func vnetWants(word string) bool { return slices.Contains(vnetWords(), word) }

func vnetWords() []string { return strings.Split(vnetAsked, ",") }

// vnetValue returns the value of a word KEY=VALUE, "" if there is none.
func vnetValue(key string) string {
	for _, w := range vnetWords() {
		if len(w) > len(key) && w[:len(key)] == key && w[len(key)] == '=' {
			return w[len(key)+1:]
		}
	}
	return ""
}

func vnetDuration(key string) time.Duration {
	d, _ := time.ParseDuration(vnetValue(key))
	return d
}

func vnetRetries() int {
	n, _ := strconv.Atoi(vnetValue("retries"))
	return n
}

// vnetGroups are the words group=N:REGEXP, the expression in hexadecimal
// digits.
func vnetGroups() (list []imagetest.Limit) {
	for _, w := range vnetWords() {
		rest, ok := strings.CutPrefix(w, "group=")
		if !ok {
			continue
		}
		n, digits, _ := strings.Cut(rest, ":")
		most, _ := strconv.Atoi(n)
		var pattern []byte
		for i := 0; i+1 < len(digits); i += 2 {
			c, _ := strconv.ParseUint(digits[i:i+2], 16, 8)
			pattern = append(pattern, byte(c))
		}
		list = append(list, imagetest.Limit{Most: most, Has: func(test string) bool {
			ok, _ := vnetDeps{vnetArgs.deps}.MatchString(string(pattern), test)
			return ok
		}})
	}
	return list
}

// vnetPart reports whether a test is of the part K/N that is to be run.
func vnetPart(name string) bool {
	k, n, ok := strings.Cut(vnetValue("partition"), "/")
	if !ok {
		return true
	}
	part, _ := strconv.ParseUint(k, 10, 32)
	parts, _ := strconv.ParseUint(n, 10, 32)
	hash := uint32(2166136261) // FNV-1a
	for _, c := range []byte(vnetArgs.deps.ImportPath() + "." + name) {
		hash = (hash ^ uint32(c)) * 16777619
	}
	hash = (hash ^ hash>>16) * 0x85ebca6b // names that differ in their last letter only are spread too
	hash = (hash ^ hash>>13) * 0xc2b2ae35 // (MurmurHash3)
	return uint64(hash^hash>>16)%parts == part-1
}

// vnetEnter is called at the head of MainStart.
func vnetEnter() {
	if vnetCurrent() == nil {
		vnetEnviron = os.Environ()
		vnetDir, _ = os.Getwd()
		vimage.EnterTest()
	}
}

// vnetStart is called next. It returns the M of an image of a job, else nil.
func vnetStart(
	deps testDeps, tests []InternalTest, benchmarks []InternalBenchmark,
	fuzzTargets []InternalFuzzTarget, examples []InternalExample,
) *M {
	if vnetCurrent() == nil {
		a := &vnetArgs
		a.deps, a.tests, a.benchmarks, a.fuzzTargets, a.examples = deps, tests, benchmarks, fuzzTargets, examples
		return nil
	}
	vnetFlags()
	return &M{deps: deps, tests: tests, benchmarks: benchmarks, fuzzTargets: fuzzTargets, examples: examples}
}

// vnetCheck is called when M.Run has run what it was asked to.
func vnetCheck() bool { return false }

// A vnetFlag is a flag of package testing in an image of a job. The variable
// behind it is one for all images, and has the value that the command line
// gives it when the image parses it again.
type vnetFlag struct{ flag.Value }

var vnetFlagLock sync.Mutex

func (f vnetFlag) Set(text string) error {
	vnetFlagLock.Lock()
	defer vnetFlagLock.Unlock()
	old := f.Value.String()
	if old == text {
		return nil
	}
	if b, ok := f.Value.(interface{ IsBoolFlag() bool }); ok && b.IsBoolFlag() && text == "true" && old != "false" {
		return nil // -test.v=test2json and the like
	}
	if d, ok := f.Value.(flag.Getter); ok {
		if v, ok := d.Get().(time.Duration); ok {
			if w, err := time.ParseDuration(text); err == nil && v == w {
				return nil
			}
		}
	}
	return f.Value.Set(text)
}

func (f vnetFlag) Get() any {
	if g, ok := f.Value.(flag.Getter); ok {
		return g.Get()
	}
	return nil
}

func (f vnetFlag) IsBoolFlag() bool {
	b, ok := f.Value.(interface{ IsBoolFlag() bool })
	return ok && b.IsBoolFlag()
}

// vnetFlagList are the flags of package testing.
var vnetFlagList []*flag.Flag

// vnetFlags defines them in the current image, if its package flag is its own.
func vnetFlags() {
	if flag.Lookup("test.run") != nil {
		return
	}
	for _, f := range vnetFlagList {
		flag.Var(vnetFlag{f.Value}, f.Name, f.Usage)
	}
}

// vnetInit is called at the head of Init, and reports whether there is nothing
// left to do.
func vnetInit() bool {
	if vnetCurrent() == nil {
		return false
	}
	vnetFlags()
	return true
}
