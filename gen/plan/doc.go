// Package plan decides what is to be virtual in one build, and why.
//
// In comes a loaded program; out goes a [Plan]: for every package-level variable of the
// packages that are in play a [Var] with its fate and a reason that names a place, and
// for every such package whether its initialisation is replayed in each image.
//
// What a variable's uses are (written where, its address taken where, touched by the
// linker, by assembly, by C) is collected first, by [collect]; who decides stands apart,
// behind [Decider]; [Simple] is the sound rule of thumb used now: virtual, unless the variable is
// never written anywhere in the program and holds no pointers, or is an error or regular
// expression of known make that nothing reassigns or takes the address of.
//
// Beside the fates a Var has its size, and the places that read it, write it and take its address ([Use]).
//
// What the user said and makes no sense (directives, see analyzers/directive; lines of the settings file) becomes a
// [Problem]; a plan that has any is not decided.
//
// Fates are whole-program facts: an exported variable that only an importer's test
// writes is virtual everywhere in that build.
package plan
