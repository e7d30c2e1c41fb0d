// Package look reads variables of a program that goes on running.
//
// Input: the address of a variable and its type. Output: a [Node], a tree of
// text that refers to nothing. Two trees can be compared: see [Diff].
//
// Reading while others write is a data race, and the race detector reports it.
// These measures are taken:
//   - headers of several words (string, slice, interface) are copied until two
//     copies in a row are equal, so that a pointer is not taken with another
//     value's length or type;
//   - a fault, for an address that is not mapped any more, is a panic that is
//     caught (debug.SetPanicOnFault), and the node says so;
//   - no method of the program's is called, and no lock is taken;
//   - maps are not iterated, since Go ends the process when a map is written at
//     that moment. Their tables are read instead, like any other memory: see
//     snapshot. [KnowsMaps] checks that they have the layout that is expected.
//     A sync.Map has its own Range, which meets writers by design.
//
// Depth, breadth and the number of nodes have limits; a node says how much was
// left out.
package look
