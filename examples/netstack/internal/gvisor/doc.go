// Package gvisor tests this stack against another that runs in the same process:
// gVisor's netstack. It has no code but tests, and is a module of its own, so that
// the example does not depend on gVisor.
//
// Input: segments of gVisor's TCP over a wire with loss, delay and reordering.
// Output: transfers in both directions that arrive whole; benchmarks of bulk
// transfer and of creating a stack, of both stacks in one run:
//
//	go test -tags vimage -run '^$' -bench . -count 10
//
// gVisor's version is one of its branch "go", which has its generated files: the
// pseudo-version that @latest names.
package gvisor
