// Package stdstate is the table of the standard library's package-level
// variables that a program can change through exported functions, and what
// becomes of each in a build that vimagegen drives.
//
// Input: table.txt, which is data. Output: a [Table], by package and name.
//
// An entry has one of three verdicts:
//
//   - image: a program can tell whether it shares the variable. Each image of a
//     program that changes it has its own; in other programs it stays as it is.
//     Package plan decides that by the proof, for each program.
//   - process: a cache, a pool, a lock of these, or a constant of the machine
//     that is computed when it is first needed. All images share it, and no
//     image can tell. An exported one (net.DefaultResolver) that code outside
//     of the standard library changes by its name is treated as one with the
//     verdict image. So is one with "through FUNCTION": the function gives the
//     program memory of the variable that it can write, as
//     elliptic.P224().Params() does. If the program's own code names the
//     function and the proof finds that the memory is changed outside of the
//     variable's package, each image has its own of all variables of that
//     heading in the package, and of those "with" them.
//   - refused: it has to be the image's own and cannot be. A program whose own
//     code changes it is refused, unless vimage.settings allows it.
//
// An exported variable that no exported function changes needs no entry. Where
// code outside of the standard library changes it by its name (time.Local = x,
// unicode.Scripts["x"] = t), it is treated as one with the verdict image.
//
// A committed build, on a stock toolchain, has one of each for all images.
//
// The table is complete for the Go release that it was made with: the test of
// package plan proves the whole standard library against a client that calls
// everything that is exported, and compares the variables that change with the
// table. Changes by package reflect are left out of that comparison: they are
// changes of memory that the program hands to reflection by a name or an
// address, and package plan sees that.
package stdstate
