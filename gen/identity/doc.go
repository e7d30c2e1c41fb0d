// Package identity proves that two builds have the same machine code. It is the
// MD5 dance by which style changes to the FreeBSD kernel were shown to change
// no code, for single functions and data.
//
// In come two builds of packages (plain, nop, static, with images; or a git
// revision and the working tree, both plain). Out goes a [Report]: of every
// function and every datum whether it is identical, identical but for
// addresses, or different, and what differs.
//
// The go command compiles both sides, from its cache where that serves, and
// gen/objects/objfile reads the objects: everything that the linker will see. A
// symbol is compared by its memory, size, alignment, flags, bytes and
// relocations, a function by its frame, stack maps and tables too. Names are
// mapped: _V_x of a nop build is x; a place in a static build's struct is the
// variable that stands there. Data that the compiler numbers or names by its
// content is compared by its content, where it is used, so that a string which
// changed shows in the function that mentions it. Closures of package-level
// initialisers, whose numbers go through the package, are paired by where they
// begin or by their code.
//
// With -base, functions and variables that only have other names are paired,
// one to one, by what they hold and by who refers to them; all is compared
// under that pairing. If nothing differs then, the sides are the same but for
// names, and these are printed. A wrong pairing hides nothing: it shows in
// whoever mentions the name.
//
// Only for what differs is a package compiled again, with -S, for the
// instructions to be shown; and with -m=2, in the static build, for the
// inliner's reasons.
//
// Apart are line tables, file names, trees of inlined calls, and what is for
// debuggers. Folders do not matter, as both sides are built with -trimpath.
//
// # The static build
//
// Its structs are laid out by the compiler only as far as the values are
// constants; what else fills them is counted apart, as set-up. Functions that
// differ all the same are the compiler's doing, and are counted by cause, each
// seen in what the compiler itself says of the function, none taken from a
// list:
//
//   - the inliner's budget: a field costs one node more than a variable, so
//     that a function may be over it (-m=2); with nothing inlined the two are
//     the same (-l);
//   - the lowering: the trees of both sides are the same, inlining and escape
//     analysis being done (-W), and then a field is copied into a temporary
//     where a variable is taken as it is, as in x = append(y, x...) or in x ==
//     y of interfaces;
//   - the back end: the trees are the same when it takes over, and it decides
//     by positions, by the offset of the field and by running numbers which of
//     two loads goes first, which operand is taken from memory, what is kept
//     where.
//
// A package into which a function is inlined that reads another package's
// struct has descriptors of the types of the struct's other fields, and methods
// of their generic instances. If no symbol of the package refers to them, but
// they to each other, a linker leaves them out; they are counted apart, as
// unused.
//
// A table of jumps goes with its function. A function of which the trees
// differ, or that refers to something else, counts as different. Two causes of
// earlier states are mended: a /*line*/ directive in the middle of a line
// begins a new base of positions, and a mark of an inlined call finds no
// instruction at its own position, therefore the builds that are compared have
// no directives but where lines would be lost; and in the copies of an
// initialiser's closures that come from inlining the initialiser nothing is
// inlined in its turn, therefore it is not inlined.
//
// # Constraints
//
// What committed builds add to a file, `//go:build !vimage`, is two lines above
// all others, unless there is a constraint already, which ours is joined with.
// A line's number is data of a program's, which runtime.Caller tells; so a
// plain binary cannot stay the same to the byte. It differs in its line table,
// in where that ends, and in nothing else that is loaded: internal/corpus
// builds a program of every module before and after, compares section by
// section, and, with the old numbers given back by a //line directive, to the
// byte. Such a directive is not what a file should keep: the numbers would be
// wrong for whoever opens it.
//
// # Accessors
//
// Package generate adds to a package that adopts committed builds a file
// zz_vnet_plain.go with a function for each exported virtual variable:
//
//	func V_X() *int { return &X }
//
// With -base, such a function that the right side alone has is listed as added
// and is no difference, if it refers to X and to nothing else. So is the
// descriptor of its result's type, where only a weak reference leads to it. A
// linker leaves out accessors that nothing calls; a function that calls one
// differs.
//
// # Limits
//
//   - Objects of the assembler are compared; their instructions are not shown.
//     Objects of C compilers are compared as a whole.
//   - A function that the compiler inlines into all callers, and that nobody
//     outside can name, shows in these.
//   - With -base, a renamed method of a type that is described in the program,
//     and a renamed type, differ: their names are content. A function that got
//     another name and other code is one that is gone and one that is new.
//   - The inliner's budget is blamed within one package; a function that
//     another package does not inline any more counts as different there.
package identity
