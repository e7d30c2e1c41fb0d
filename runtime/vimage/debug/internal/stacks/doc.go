// Package stacks groups goroutines by their stacks.
//
// Input: text, as runtime.Stack prints it (a block for each goroutine, with its
// state), or as the goroutine profile does with debug=1 (a block for each
// stack, with the number of goroutines). Output: a list of groups, the largest
// first.
package stacks
