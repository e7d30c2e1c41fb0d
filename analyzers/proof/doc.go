// Package proof finds out which package-level variables change after initialisation, and how.
//
// In comes a program in SSA form; package flow turns its functions into constraints. Out goes for each variable a
// chain of reasons why it changes, or nothing if it is proved not to, and for each step of initialisation what it
// reads, what it writes, and whether it can be told from outside how often it runs.
//
// There are two worlds. In the closed one ([Analyze]) the whole program is there, tests included, and who is called
// is found out:
//
//  1. A [reach] follows, from all functions that are executed, the types that interfaces hold and the functions that
//     variables hold, and by these the calls; functions are read when they are reached. What initialisation alone
//     reaches does not run afterwards. Nodes that copy from each other in a circle have one state; and where a node may hold a
//     value of any type (out of reflection), the types that values in interfaces have are not held besides.
//  2. A [graph] has for every way in which a reference goes from one node to another a step, with calls resolved, and
//     for every write an event. Memory that is only reached by references in functions' own variables is told apart from
//     other memory of its type, by [kin].
//  3. A [trace] follows the references to the memory of up to 64 variables at once through the graph. All that can be
//     reached from a variable is its memory; a read of it gives more of it, a write is a change. References are
//     kept out of where, by its type, no part of the variable's memory can be.
//     What is cast to a type on which nearly all types of a large program hang is taken to be of any type.
//  4. A variable that changes is traced once more, alone and breadth first, which gives the shortest chain.
//  5. Each step of initialisation is reached by itself, with what variables hold while the program is initialised. If a
//     second run of it would differ or be noticed, it must run in every image, and is not followed further. Where a
//     function that it calls was seen to write a variable that does not change later, it is traced by itself as well;
//     that variable may be reached by the name of another one. Of a step from which most of a large program
//     can be reached, all is said to be written that may be.
//     Then the steps are seen in their order: what one reads that a later one writes, and what they do with variables that are
//     not in play.
//     What these many small reaches have in common is found out once: which functions lead to what must run in every image
//     ([lesson]), what the whole program puts into interfaces ([stock]), which memory is tied together ([tied]); and what
//     reflection stores is let only into memory that is asked for ([gate]). Their graphs share the steps between pieces
//     of memory ([memoryLinks]), and steps of initialisation whose graphs are equal share one trace ([unitWrites]): a
//     program may have a hundred variables that regexp.MustCompile initialises.
//
// Of a library no program is there. An importer then stands for all that may be written against it: it calls what is
// exported, generic functions as they are written, with all that it got. What it got it may also put into whatever it hands to
// the library, into values of its own types, and into exported variables, where the library reads it; and what the library
// puts into its values, it has. What importers write by themselves, in an exported variable or through a pointer
// that they were given, is seen when they are there to be looked at.
//
// In the open one ([Summarize]) there is one package; what its imports do is known from summaries of their functions
// (package mutation's facts), and calls of interfaces' methods and of function values may do anything.
//
// The variable whose initialiser keeps a second reference to its value is told by the initialiser's own trace: what
// it writes besides the variable is tied to it by the caller, who lets both run in every image if one does.
//
// Package reflect also comes upon the variable's memory where that hangs on other memory: in a map that is encoded, in
// a struct that is decoded. What it finds there, by exported fields, elements and pointers, it may hand out and call methods
// of; and it may set it. A struct none of whose fields it can set, or a function, it replaces only by calls that write a whole
// Value: (reflect.Value).Set, SetZero, SetIterKey and SetIterValue. Such a call counts unless the function in which it
// is shows, by comparisons with the Value's kind or by what is assigned, that the Value is neither a struct nor a function, as
// decoders do; and where the types of the Values are known, it counts for these types alone. What code took out of a field that is not exported,
// or what a function has captured, it may set where it comes upon it elsewhere. What it finds behind fields that are not
// exported (by force, as dumpers do) is not followed. It may make values of all types that those of values in interfaces
// consist of or, as functions and methods, take and return.
//
// A variable of the standard library that the program names, or that package
// stdstate gives to images, is in play like the program's own. So is one whose
// memory a function that the program names hands out, as elliptic.P224().Params()
// does; stdstate lists these functions. For the others, a change in initialisation
// counts only in a function that names the variable, and later changes do not
// count.
//
// Beside variables it lists the calls that may change code: those that make memory executable, unless the address comes,
// by assignments, calls and memory of known types, from calls that map memory, and from nothing else.
//
// Limit: of a library, a generic function that asserts its type parameter on what
// reflection hands out, as in v.Interface().(T), is not given what lies in T's
// fields that are not exported.
//
// Limit: an address that package unsafe moves or casts, and that may be of more
// types than are followed one by one (package flow gives the numbers), is taken
// to lead to values of the type alone that the code makes of it a pointer to. A
// program with an encoder that works by addresses, as protobuf's, has such
// addresses. [Result.Alone] lists these types; if it is empty, all were followed.
//
// A slice whose length is its capacity cannot be written by append; only slices that were cut, or come from
// functions that append or cut, can.
package proof
