// Package corpus compares real third-party modules plain and virtualised. It is
// a module of its own, which requires them, so that vimage does not; none of
// their source is here.
//
// For each module it runs the module's own tests with go test and with
// vimagegen test, and compares who passed, failed and was skipped; and it
// starts the program isolation/NAME twice in one process, where image 1 changes
// a global setting of the module and image 2 then reads it. Its result is a
// table:
//
//	go -C internal/corpus run ./cmd/corpus          the eight fast modules
//	go -C internal/corpus run ./cmd/corpus -slow    memberlist and cron too, 40 s each a side
//
// Another command measures the analysis: it runs the modules' tests and the
// hard cases plain, watches their variables (package writecheck), and compares
// what changes with what vimagegen report says of the same program:
//
//	go -C internal/corpus run ./cmd/soundness            all, five to ten minutes
//	go -C internal/corpus run ./cmd/soundness -run=uuid  one module; -run=hardcases for those
//	go -C internal/corpus run ./cmd/soundness -missed    and lists what could be shared and is not
//
// Exit status 1 means a difference that explanations.txt does not explain, or
// images that are not isolated; a line of explanations.txt is a module, a test
// and a sentence. What differs is looked at up to three times more, and counts
// if it differs each time: some tests watch the clock.
package corpus
