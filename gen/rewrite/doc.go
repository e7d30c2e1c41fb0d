// Package rewrite turns the author's files into files whose package-level state
// is reached through containers, by byte edits: comments and formatting stay,
// and so do positions, by /*line*/ directives behind each edit.
//
// Input: a plan. Output: the edited files and, for every package, the [Part]s
// from which gen/emit makes the container, its hook and its registration.
//
//   - `var x T = e` becomes `type _ T; func vnet_p_init_x() { vnet_p :=
//     INIT_VNET_P(); vnet_p.V_x = e }`, on the lines where it stood. The type
//     stays so that the file's imports stay used; the function is called in the
//     type checker's InitOrder when an image starts. Those that the compiler
//     lays out come first; of one that it lays out in part the rest is a
//     function of its own.
//   - a mention of x becomes vnet_p.V_x, one of q.X becomes vnet_q.V_X; each
//     function and each function literal that has one takes the container's
//     pointer at its head, from the hook.
//   - a mention of x, where go:linkname makes x another package's variable too,
//     goes to a container of its own, which both packages find by the linker's
//     name for it ([Joined]).
//   - `func init()` becomes a function with a name, called at the image's start
//     after the initialisers.
//   - what becomes a function has a name from which the runtime of gen/goroot
//     reads the author's name for it (main.init.0), the numbers of function
//     literals included (main.init.func1): see numbers.go.
//   - a constant expression over a variable, len(x) or unsafe.Sizeof(x),
//     becomes one over an array of that length.
//
// That is the build with images. The engine makes two more, by a table of how a
// mention, a declaration and an initialiser are spelled; they are there to be
// compared with the plain one, and leave the standard library alone:
//
//   - nop: x is _V_x and X is V_X, plain variables: exported as before, since
//     what a package exports decides what its importers can inline. Nothing
//     moves: order and data stay, and no line does.
//   - static: x is VNET0_P.V_x, a field of one static struct. What is constant
//     stands in the struct's composite literal; any other initialiser becomes a
//     function, called where it stood and after the initialiser before it, so
//     that the order of initialisation is the author's. A composite literal
//     would be laid out by the compiler too, but most mention functions or
//     other variables, and then the struct would depend on itself, which Go
//     does not allow.
//
// Every name that is added is checked against all identifiers of the program
// that could meet it, and gets a number where one does.
package rewrite
