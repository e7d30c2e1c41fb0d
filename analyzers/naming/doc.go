// Package naming spells the names that generated code bears, for those who
// generate it and for those who look for names that would meet it.
//
// In comes a package's name, as its package clause has it; out go the names of
// one generated file. It knows no program: who asks counts up until no name is
// in use.
package naming
