// Package attack writes programs that change all their variables, by ways that
// are drawn from tables of what Go has to hide a value in. They attack the
// proof of what is shared: whichever of their variables is called so shows a
// hole in it.
//
// Input: [Options]: a seed, how many variables, and a [Mode]. Output: a
// [Program] with package-level variables changes0, changes1 and so on. Each is
// written once initialisation is over (in mode init by initialisation, in a
// step that can be noticed and so must run in every image). The same options
// give the same text, and each variable's part of it depends on the seed and
// the variable's number alone, but for declarations that it shares with others;
// [Options.Only] shows one by itself.
//
// A variable goes one of two ways. Either a reference to its memory is taken
// when the attack begins; or its value is made by initialisation around a
// reference to new memory, and the attack starts from the variable. Then the
// reference is put into things ([form]: slices, closures, interfaces, generic
// lists) and taken out of them, handed along ([pass]: a closure, a goroutine, a
// panic), and the attack goes on in other functions ([cut]). In the end all is
// taken out again, and what is left is written ([base]).
//
// The tables are the files forms*.go, passes*.go, cuts.go and bases*.go. An
// entry is a few lines of Go with words to be replaced, which template.go
// lists. To add one is to add these lines; mode each has a variable for every
// entry, and TestEach runs them.
//
// # Honesty
//
// A program that does not write its variable would accuse the proof falsely.
// [Program.Checked] is the same text with lines added that keep the reference
// that the way began with, and that panic, with the names of the variables, if
// in the end any of the memory was not changed. Tests run it. [Program.Archive]
// is the text without these lines, as it is to be judged.
//
// # Limits
//
// The programs write nothing through assembly or cgo, and of the linker's
// directives use go:linkname of functions alone. They use package unsafe as its
// documentation allows. A value that is not taken out by the way that it went
// in (into a field, out by reflection) is only attacked where an entry of the
// tables says so. Two variables never meet in one object, other than in
// variables that the entries declare.
package attack
