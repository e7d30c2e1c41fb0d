// Package plan decides what is to be virtual in one build, and why.
//
// Input: a loaded program. Output: a [Plan]: for every package-level variable
// of the packages that are in play a [Var] with its fate and a reason that
// names a place, and for every such package whether its initialisation is
// replayed in each image.
//
// What a variable's uses are (touched by the linker, by assembly, by C, by
// go:embed; read and written where) is collected from the text. Whether it
// changes, and what its initialisation does, is proved over the whole program
// by analyzers/proof. From that, to a fixed point: a variable is virtual if
// something changes it after initialisation, or if a step of initialisation
// that writes it must run in every image, because it depends on the outside or
// on what is virtual, or can be noticed. An init function that writes nothing
// but shared variables, and does nothing else, runs once.
//
// What runs once runs when the process starts, so before what runs in every
// image. A plain program may have it the other way round. So a variable is
// virtual too if a step that runs in every image reads it and a later one
// writes it; and a step runs in every image if it comes after one that does,
// and both have to do with a variable that is not in play, which at least one
// of them changes by its name (time.Local).
//
// # What the compiler lays out
//
// The compiler evaluates some initialisers, or parts of them, and puts the
// results into the data section (cmd/compile/internal/staticinit). A variable
// has that content before anything runs, whatever its place in the order of
// initialisation. An earlier step can find it, by a way that the order does not
// know: a call of an interface's method or of a function value.
//
//	var ok = c.check()                              // reads the variables below
//	var magic = []byte("MAGI")                      // all of it is there
//	var base = errors.New("base")                   // all, if the call is inlined
//	var head = &header{name: label(), size: 8}      // the pointer and size
//
// The rule is to give each variable in an image, first of all, what the
// compiler gives it in the plain build.
//
//   - [Static] decides from the text for the forms that do not depend on
//     anything else.
//   - For others it can be noticed only where a step that runs in every image
//     comes to the variable before its initialiser has run (proof.Unit.Ahead).
//     Only for those the compiler is asked: the plain package is compiled with
//     the user's flags, and its object says what is there. The result depends
//     on the inliner, and so on profiles, -l, -race and -cover, on the size of
//     the package's initialisation, and on calls before a copy: a rule of our
//     own would be wrong for some.
//   - A variable that is laid out in part gets that part first, with zero
//     values for the rest ([Part]); in its place in the order the rest is
//     stored, expression by expression, as the compiler does it. What cannot be
//     taken apart is refused by name: a struct inside an interface, a pointer
//     to a map, a constructor that is inlined and whose arguments come later, a
//     variable that such a step may assign.
//
// Keeping a plain variable beside the field and copying what the linker made of
// it was rejected: its own initialiser would run at the process's start, and
// pointers in it would be shared between images. One difference remains: an
// interface that holds a number or a string which is computed later (var x any
// = f()) has its type from the beginning, and the compiler stores the value in
// place, so that a copy of the interface taken before changes too. In an image
// the copy keeps zero. Variables of the standard library are not looked at, and
// the static build has only constants from the beginning.
//
// A variable that go:linkname gives names in several packages is one variable
// ([Join]): its names have one fate, the proof takes what is done to one for
// done to all, and an image has one field for them. Refused are, if the
// variable changes: a symbol that no Go variable is declared for and that is
// not a package's (C's, the linker's own); names of different sizes, or with
// references at different places; a directive that only the package's tests
// have.
//
// [Early] finds what syntax alone shows to be refused, before types are
// checked: C variables, what assembly writes, symbols that only the linker
// knows. In a program of many packages gen reports that and goes no further.
//
// [Plan.Lay] orders the variables of a container as the linker's sections do:
// with pointers, then without, each aligned by its size. [Plan.Exports] lists
// the functions that C may call and that use virtual variables.
//
// Beside the fates a Var has its size, and the places that read it, write it
// and take its address ([Use]).
//
// Code that may be patched is refused besides: a reachable call, outside of the
// standard library, that makes memory executable which the program is not seen
// to have mapped for itself; the proof finds where its address comes from.
// Assembly that makes the system call mprotect counts where it is reachable.
//
// What the user said and makes no sense (directives, see analyzers/directive;
// lines of the settings file) becomes a [Problem]; a plan that has any is not
// decided.
//
// Fates are whole-program facts: an exported variable that only an importer's
// test writes is virtual everywhere in that build.
package plan
