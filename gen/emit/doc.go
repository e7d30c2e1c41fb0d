// Package emit makes the generated file of a part: its container, the hook, the
// registration, and the function that replays its initialisation. For programs
// that look for what images have in common it also says where variables are
// declared, and which are shared.
//
// Input: a [rewrite.Part]. Output: Go source, by jennifer, formatted by
// gofumpt. A field's type is spelled from the type checker's answer, since an
// author may have left it to inference. A type that the part's package cannot
// name (another package's unexported type, one under an internal folder, an
// anonymous struct with another package's unexported fields) gets an exported
// alias in a package that can, and is reached through it: see [Namer].
package emit
