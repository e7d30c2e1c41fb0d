// Package cvars finds the variables of C source that a process has one of,
// whatever images it holds.
//
// Input: the text of a C file, or of the comment above `import "C"`. Output:
// the variables that it defines outside of functions, or as static inside one,
// and that are neither const nor extern. It reads declarations, not types, and
// does not run the preprocessor: what a macro declares stays unseen.
package cvars
