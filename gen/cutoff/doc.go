// Package cutoff reuses what was made of a program for one that differs from it
// by edits on which no decision depends: comments, layout, and the values of
// those literals that package verdicts leaves out of its key.
//
//	fmt.Println("hello")      the text may change
//	const limit = 10          the number may, where all that use it could be 10
//	var table [limit]int      here it may not: a type depends on it
//
// Input: the texts of the files that people edit, and a hash of everything else
// that decides the result (gen.Identity). Output: the rewritten files of the
// earlier program with those of the edited files made again. No file is parsed
// or type-checked: a scanner reads the tokens of the edited program, and they are
// compared with those of the earlier one, whose types said which literals are
// free. What the rewriter did to a file is kept as a patch whose offsets are
// tokens' beginnings and ends, and is applied to the new text.
//
// This is the early cutoff of build systems (Mokhov, Mitchell, Peyton Jones:
// Build Systems à la Carte, 2018) for the whole of planning and rewriting, as
// package verdicts has it for the proof.
//
// # What is kept
//
// Two entries. The first is found by the files' tokens without the values of
// literals ([Scan], [Program.Key]); it says which literals are free. Which are
// follows from types, and no type depends on a literal that is free. The second
// is found by that key and the values of the literals that are not free; it is a
// [Base].
//
// # What is not reused
//
//   - A comment that may be a directive counts as a token, with its distance to
//     the tokens around it: one that moves away from its declaration may mean
//     something else. In test files all comments count.
//   - A file counts by its bytes if it is generated, declares sysctls or shared
//     pages (generated files are compared with it), has line directives or
//     carriage returns, or does not scan; and if its patch is bound to its text.
//   - Where a message or a generated file names a line of an edited file, the
//     tokens of that line must be where they were.
//   - Nothing is kept of a program that embeds Go files, whose slots have
//     modules, or of which the compiler was asked what it lays out of edited packages.
//
// In all these cases the program is planned and rewritten as a whole.
package cutoff
