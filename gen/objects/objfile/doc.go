// Package objfile reads what the compiler and the assembler made of a package:
// the archive that go list -export names.
//
// Input: a file. Output: its members, and of those that are Go objects every
// symbol that they define, with its bytes, its relocations and what hangs on it
// (frame sizes, stack maps). The format is described at the head of the
// toolchain's cmd/internal/goobj, which cannot be imported; it has a magic
// number, and the numbers that kinds of symbols have are checked against a
// symbol that every object holds. A toolchain that writes something else is
// refused.
//
// The compiler's listing (-S) would do as well, and says what an instruction
// means. It is not used for comparing because it leaves out alignments and the
// tables that belong to a function, and because it makes the go command compile
// once more what it has in its cache.
package objfile
