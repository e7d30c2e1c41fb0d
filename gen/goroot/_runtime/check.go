package check

import (
	vimage "container"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	isolation "testing/internal"
)

// The second image of a build that checks isolation, and what was seen.
var (
	vnetWitness *isolation.Witness
	vnetLooked  atomic.Bool // at the end of a Run
	vnetFailed  atomic.Bool
	vnetLast    sync.Once
)

// vnetEnter is called at the head of MainStart.
func vnetEnter() {
	vimage.EnterTestExit(vnetAtExit)
	var opts []isolation.Option
	if vnetStrict {
		opts = append(opts, isolation.Distrust)
	}
	vnetWitness = isolation.NewWitness(vnetDiff, opts...)
}

// vnetCheck is called when M.Run has run what it was asked to.
func vnetCheck() bool {
	vnetLooked.Store(true)
	lines := vnetWitness.Report()
	if len(lines) == 0 {
		return false
	}
	vnetFailed.Store(true)
	if chatty.json { // what follows is of no test
		fmt.Print(chatty.prefix(), "=== NAME  \n")
	}
	fmt.Print(chatty.prefix(), "testing: ", lines[0], "\n")
	for _, line := range lines[1:] {
		fmt.Println("   ", line)
	}
	return true
}

// vnetAtExit is told of os.Exit, also by a TestMain that does not call Run, or
// keeps its result to itself.
func vnetAtExit(code int) {
	if vnetWitness == nil {
		return // by the initialisation of the tests' image
	}
	vnetLast.Do(func() {
		if !vnetLooked.Load() && *matchList == "" && !*isFuzzWorker {
			vnetCheck()
		}
		vnetWitness.Close()
	})
	if code == 0 && vnetFailed.Load() {
		os.Exit(1)
	}
}
