// Package plan decides, for one build, which package-level variables are
// virtual (each image has its own), which are shared, and which are refused.
//
// Input: a loaded program, and what the user said of variables (directives,
// vimage.settings). Output: a [Plan] with a [Var] for each package-level
// variable of the packages in play: its fate, a reason that names a place, its
// size, and the places that read it, write it and take its address ([Use]). For
// each package it says whether its initialisation is replayed in each image.
//
// # Algorithm
//
// Uses of a variable that do not depend on the flow of data are read from the
// text: the linker, assembly, C, go:embed. Whether a variable changes, and what
// its initialisation does, is proved over the whole program (analyzers/proof).
// Then a fixed point is computed. A variable is virtual
//
//   - if something changes it after initialisation;
//   - if a step of initialisation writes it that must run in every image,
//     because it depends on the outside or on a virtual variable, or because a
//     second run of it can be noticed;
//   - if a step that runs in every image reads it, and a later step writes it.
//     Steps that run once do so at the process's start, so before those that
//     run in every image; the plain program may have the opposite order.
//
// A step also runs in every image if it comes after one that does, and both use
// a variable that is not in play, which one of them changes by name
// (time.Local). An init function that does nothing but write shared variables
// runs once.
//
// A fate is a fact of the whole program: an exported variable that only a test
// of an importer writes is virtual everywhere in that build.
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
// # Other decisions
//
//   - A variable that go:linkname gives names in several packages is one
//     variable ([Join]): its names have one fate, and an image has one field
//     for them. If it changes, these are refused: a symbol that no Go variable
//     is declared for and that is not a package's own (C's, the linker's);
//     names of different sizes, or with references at different offsets; a
//     directive that only the package's tests have.
//   - Code that may be patched at run time is refused: a reachable call,
//     outside the standard library, that makes memory executable which the
//     program is not seen to have mapped. Assembly that makes the system call
//     mprotect counts where it is reachable.
//   - A directive or a line of the settings that makes no sense is a [Problem].
//     A plan with problems is not decided.
//
// [Early] finds what syntax alone shows to be refused, before types are
// checked: C variables, variables that assembly writes, symbols that only the
// linker knows. For a program of many packages gen stops there.
//
// [Plan.Lay] orders the variables of a container as the linker orders its
// sections: those with pointers first, each aligned by its size. [Plan.Exports]
// lists the functions that C may call and that use virtual variables.
package plan
