// Package look reads variables of a program that goes on running.
//
// In comes the address of a variable and its type; out goes a [Node], a tree of text that refers to nothing. Two trees can be
// compared: see [Diff].
//
// Reading what others write meanwhile is a data race, and the race detector says so where it looks. What can be done is done:
//   - headers of several words (string, slice, interface) are copied until two copies in a row are equal, so that a pointer is
//     not taken with another value's length or type;
//   - what does not belong to the program's memory any more is a panic that is caught (debug.SetPanicOnFault), and
//     the node says so;
//   - no method of the program's is called, and no lock is taken;
//   - the entries of a map are read only if that is asked for, since Go ends the process when somebody writes the map at that moment. Its length
//     is always there.
//
// Depth, breadth and the number of nodes have limits; a node says what was left out.
package look
