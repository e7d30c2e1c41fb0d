// Package generate makes committed builds: files beside an author's source that
// a stock toolchain compiles with -tags vimage, so that users of a library need
// no tool.
//
// Input: a folder in a module, build flags, the packages to bring up to date,
// and the files on disk. Output: a [Result], which lists for each package the
// files to write and to remove. Nothing is written before [Commit].
//
// # The two builds
//
// A package is adopted when one of its files carries our build constraint. It
// then has two builds:
//
//	x.go          //go:build !vimage     the author's file, as it is
//	x_vimage.go   //go:build vimage      its twin, in which x is vnet_p.V_x
//	y.go                                 in both builds: it mentions no virtual variable
//	zz_vnet.go    //go:build vimage      vnet_p, INIT_VNET_P, registration, replay, accessors
//	zz_vnet_plain.go  //go:build !vimage  accessors
//
// The author's files are the source of truth. They are loaded without the tag
// vimage, so the go command leaves the twins out, and a later run reads the
// same program as the first one.
//
// A file gets a twin if its text changes, or if it carries our constraint. The
// twin keeps the author's comments and formatting (gen/rewrite, in its build
// Committed) and has positions of its own. It ends in a line with the sum of
// its text, by which a later run recognises an edited file.
//
// An importer that is plain Go cannot say p.X in both builds if X is virtual.
// It says *p.V_X(): the accessor V_X returns X's address. A linker leaves
// accessors out that nothing calls. The plan takes an importer to call none of
// them, so that it is the same before and after the first run. A package of the
// module that is not adopted and mentions p.X is reported, and p is written all
// the same: analyzer committed can change the mention only when V_X is there.
//
// # Emitters
//
// Files without an author's are made by emitters (gen.Emitter): functions from
// a planned package to files. Containers with their accessors come by the first
// of the list, and Request.Emitters adds to it. Constraints, headers, sums and
// names by configuration are given to all of them alike.
//
// # File names
//
// The go command derives constraints from names: x_linux_test.go is a test file
// for Linux. A twin must be built for the same systems, so its name has vimage
// in front of the derived part: x_vimage_linux_test.go. A file that is named
// linux.go has no derived constraint; its twin is linux_vimage.go.
//
// # Constraints
//
// [Adopt] adds to a file the term !vimage, and [Release] takes it away, which
// restores the file to the byte:
//
//	no constraint        //go:build !vimage and a blank line at the file's start
//	//go:build X         //go:build !vimage && X; X is in parentheses unless it is a
//	                     conjunction of tags
//	// +build X          // +build !vimage on a line before it
//
// # Virtual variables
//
// The plan is made for all packages of the main module and their tests at once,
// with importers that are not known (plan.Committed): an exported variable is
// virtual unless //vimage:shared says otherwise. Packages that are not adopted,
// those of other modules and the standard library, keep their variables. A step
// of initialization that registers in the standard library
// (stdstate.Registrars), or writes a variable of another package that is not
// adopted, runs once, for image 0. The result reports each such step, and each
// variable that changes of the packages that the adopted ones link.
//
// # Configurations
//
// Each configuration is listed, planned and rewritten by itself. The sets of
// virtual variables are joined: a configuration that declares a variable which
// is virtual in another one and not in it is planned again with that variable
// given, until there is none. A twin must then have one text in all
// configurations that build its file. A file without an author's has a number
// in its name and a constraint where its text depends on the configuration, as
// the container does if a variable is declared for one system only.
//
// # How files are replaced
//
// All packages are computed, and the vimage build of those that change is
// compiled from an overlay, before the first byte is written. A package is then
// replaced in four steps: new files are written under temporary names, a
// journal that lists the renames and removals is put in place by a rename, the
// renames and removals are done, the journal is removed. The first step is done
// for all packages before the second one, so a folder that cannot be written
// stops the run while nothing is changed. The journal's rename is the point of
// no return. A run that finds a journal finishes its list first, so a package
// that a killed run left is the old or the new one as soon as the tool looks at
// it again; a temporary file without a journal is removed.
//
// # Limits
//
//   - Code that asks runtime.Caller for file names sees those of the twins, and
//     their lines: glog's -vmodule=server=2 has to be server_vimage=2.
//   - A hook costs about 3 ns and the inliner's budget. Code that calls
//     runtime.Callers for each line of a log, as glog does, can take 1.5 times
//     as long, because the runtime looks longer for the positions of its
//     callers.
//   - A registry of another module is recognized only if nothing writes it
//     after initialization. A step that registers in another one runs in every
//     image.
//   - Systems other than the configurations' have the files that do not depend
//     on the configuration, and no others. A file that no configuration builds
//     is refused if it declares or may mention a virtual variable.
//   - An init function that runs once in one configuration and in every image
//     in another makes its file's text differ, which is refused.
//   - A file that imports "C" and would change is refused.
//   - Containers align 64-bit integers as the compiler aligns fields. On a
//     32-bit system a function of sync/atomic can panic on such a variable.
//   - A variable that go:linkname gives a second name is refused if it is
//     virtual, and so is one whose type its package cannot name.
//   - An import of an adopted package of another module is compiled as it is:
//     its virtual variables cannot be mentioned.
//   - The module's go directive must be that of runtime/vimage's module or
//     newer.
package generate
