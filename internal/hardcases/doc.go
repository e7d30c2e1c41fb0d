// Package hardcases is vimage's acceptance test: what Go programs do that
// breaks a rewriter of package-level variables, one small module an archive in
// testdata/*.txtar, run plain and virtualised and compared.
//
// The comment of an archive is its script, one command a line; lines that begin
// with # say what the case is about.
//
//	build [flags] [package] [-- args]   go build and vimagegen build, each run once: same stdout, stderr and status
//	modes [flags] [package] [-- args]   build in each mode: nop, static, vimage
//	run N [flags] [package] [-- args]   vimagegen run -n N -prefix prints, per image, what N plain processes print
//	lines N [flags] [package] [-- args] the same without -prefix, whatever the order of the lines
//	test [flags] [packages]             go test -json and vimagegen test -json: same verdicts
//	cover [flags] [packages]            go test -coverprofile and vimagegen's: same blocks reached
//	library MODE FILE                   go build and vimagegen build, -buildmode=MODE (c-archive or c-shared); the C
//	                                    program of FILE prints the same with each library
//	refused build|run|test ...          plain succeeds, vimagegen exits 3 with the text in the section "stderr"
//	own NAME ...                        vimagegen report calls these variables of the standard library virtual;
//	                                    of NAME*, one that begins so is enough
//
// The section "notes", if there is one, is what vimagegen run says beside what
// the images print.
//
//	chdir DIR      where the commands run, relative to the archive (its name may have spaces)
//	env K=V        for every command that follows
//	crlf FILE      rewrites the file with CRLF line ends; bom FILE puts a byte order mark before it;
//	               noeol FILE takes the last line's end away
//	proxy          the modules of testdata/mod can be required; go.sum must be in the archive
//	need WHAT      amd64, cgo, 386 ...: skips the case on a machine without it, and
//	               says why (internal/testenv). A flag -race needs race by itself. slot=g skips it with
//	               -slot label, which refuses the program.
//
// The plain side is never a golden file: it is run each time. Programs find a
// fresh directory that the images of one run share in $SCRATCH. In arguments
// {image} is the image's number. After each case the module's files must be as
// the archive has them.
//
// Flags: -u writes the sections "stderr", and "go.sum" where there is a proxy,
// anew; -slot g|label picks the runtime slot; -vimagegen FILE uses that binary
// instead of building one; -patience is how long one command may take; -plain
// checks the archives against the go command alone. -writes FILE compares
// nothing, but watches the variables of the plain side with package writecheck,
// fails where one changes that vimagegen report calls shared, and writes what
// was seen to the file; tests then run without flags.
package hardcases
