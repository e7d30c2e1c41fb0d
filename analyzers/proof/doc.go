// Package proof decides which package-level variables change after
// initialisation, and explains how. It solves the constraints of package flow.
//
// Input: a program in SSA form.
//
// Output: for each variable, a chain of reasons why it changes, or nothing if
// it is proved not to. For each step of initialisation (the initialiser of a
// variable, or an init function): what it reads, what it writes, and whether a
// second run of it can be noticed. Also the calls that may change code: those
// that make memory executable, unless the address comes, by assignments, calls
// and memory of known types, only from calls that map memory.
//
// # Whole programs
//
// [Analyze] sees the whole program, tests included, and works in these phases:
//
//  1. Call graph. A [reach] starts from the functions that are executed. It
//     propagates the types that interfaces hold and the functions that function
//     values hold (variable type analysis, Sundaresan et al., 2000, with
//     on-the-fly resolution of calls). A function's constraints are added when
//     it becomes reachable. Nodes that copy from each other in a cycle are
//     collapsed (condense.go). A node that may hold a value of any type, from
//     reflection, has no set of types. Functions that only initialisation
//     reaches do not run afterwards.
//  2. References. A [graph] has an edge for each way in which a reference moves
//     from one node to another, with calls resolved, and an event for each
//     write. Objects that only local variables reach are separated from others
//     of their type by alias classes (Steensgaard, 1996): see [kin].
//  3. Propagation. A [trace] follows references to the memory of up to 64
//     variables at a time, a bit each. All objects that are reachable from a
//     variable are its memory. A load from it yields more of it, and a store
//     into it is a change. A reference does not flow to a node whose type
//     excludes the variable's memory. A value that is cast to a type from which
//     nearly all types of a large program are reachable counts as any type.
//  4. Explanation. A variable that changes is traced once more, alone and
//     breadth first, which gives the shortest chain.
//  5. Initialisation. Each step has a call graph of its own, with the values
//     that variables have during initialisation. A step must run in every image
//     if a second run would differ or could be noticed; it is not followed
//     further. If a function that a step calls was seen to write a variable
//     that does not change later, the step is traced as well: the variable may
//     have been reached through another. A step from which most of a large
//     program is reachable is not traced, and all writes that its functions may
//     do are attributed to it. Finally the steps are compared in their order:
//     which variable does one step read that a later step writes, and what do
//     they do with variables that are not in play.
//
// The many call graphs of phase 5 share what they have in common: which
// functions reach a function that must run in every image ([lesson]), the types
// that the whole program stores in interfaces ([stock]), strongly connected
// objects ([tied]), and the edges between objects ([memoryLinks]). Values that
// reflection stores are propagated only into objects that are read ([gate]).
// Steps whose graphs are equal share one trace ([unitWrites]): a program may
// have a hundred variables that regexp.MustCompile initialises.
//
// # Libraries
//
// A library has no main function. One synthetic importer stands for all
// programs that may use it. It calls each exported function, generic ones as
// they are written, with every value that it has received. It may store these
// values into objects that it passes to the library, into values of its own
// types, and into exported variables that the library reads. It receives what
// the library stores into its objects. What importers write by themselves, into
// an exported variable or through a pointer that they received, is reported for
// programs that contain such an importer.
//
// # One package
//
// [Summarize] sees one package. Imports are known by summaries of their
// functions (facts of package mutation), and a call of an interface's method or
// of a function value may do anything.
//
// If an initialiser keeps a second reference to its variable's value, its own
// trace shows what it writes besides the variable. The caller ties both: either
// runs in every image if one does.
//
// # Reflection
//
// Package reflect also reaches a variable's memory where other memory refers to
// it: in a map that is encoded, in a struct that is decoded. It may return
// objects that it reaches by exported fields, elements and pointers, call their
// methods, and set them. A struct that has no field to set, and a function, is
// replaced only by calls that write a whole Value: (reflect.Value).Set,
// SetZero, SetIterKey and SetIterValue. Such a call counts unless its function
// shows that the Value is neither a struct nor a function: by a comparison with
// the Value's kind, as in decoders, or by the type of what is assigned. Where
// the types of the Values are known, it counts for these types. An object that
// code took out of an unexported field, or that a function captured, may be set
// where it is reachable in another way. Objects behind unexported fields alone,
// as dumpers reach them by force, are not followed. Reflection may make values
// of each type that is part of the type of a value in an interface, or that its
// methods and functions take and return.
//
// # Variables in play
//
// Judged are the program's own variables, and those of the standard library
// that the program names, that package stdstate gives to images, or whose
// memory is returned by a function that the program names, as
// elliptic.P224().Params() does; stdstate lists these functions. For the other
// variables of the standard library, a change in initialisation counts only in
// a function that names the variable, and later changes do not count.
//
// # Limits
//
//   - In a library, a generic function that asserts its type parameter on a
//     value of reflection, as v.Interface().(T), does not receive what is
//     stored in T's unexported fields.
//   - An address that package unsafe moves or casts, and that may be of too
//     many types (package flow has the numbers), is taken to point to values of
//     the type alone that the code casts it to. A program with an encoder that
//     works by addresses, as protobuf's, has such addresses. [Result.Alone]
//     lists these types; if it is empty, all were followed.
//   - A slice whose length is its capacity cannot be written by append. Only
//     slices that were cut, or that come from functions that append or cut,
//     can.
package proof
