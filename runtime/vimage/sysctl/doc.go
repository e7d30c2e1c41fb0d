// Package sysctl is a tree of named settings and figures that can be listed,
// read and written while the program runs, after FreeBSD's sysctl. Every image
// has a tree of its own; a program that is built without vimagegen has one.
//
//	//vimage:sysctl net.inet.ip.ttl rw "Initial time to live" min=1 max=255
//	var ttl = 64
//
//	//vimage:sysctl kern.uptime ro "Time since start"
//	func uptime() time.Duration { return time.Since(started) }
//
// What comes in are registrations, made when packages are initialised; out go
// [List], [Get], [Set], and errors that tell apart [ErrUnknown], [ErrType],
// [ErrRange] and [ErrReadOnly]. Changes are told to [OnChange]. Package
// sysctlhttp serves the same as JSON.
//
// # How a directive becomes a registration
//
// vimagegen sysctl reads the directives of a package and writes, beside a file
// x.go that has some, zz_sysctl_x.go with the calls of [Var] and [Func] in an
// init function. That file is committed. So a plain go build has the tree, no
// tool needed, and a vimagegen build has the same one for each image by what it
// does to all source: it replays init functions, and makes &ttl the image's. It
// refuses a package whose directives and generated file do not agree. The other
// ways were worse: registrations that only vimagegen makes would leave the
// plain build without a tree, and a search of the binary's debug information at
// run time fails when that is stripped. Var and Func can also be called by
// hand.
//
// The directive's form is
//
//	//vimage:sysctl NAME ro|rw "DESCRIPTION" [min=V] [max=V] [oneof=V,V...] [enum=NAME,NAME...]
//
// with enum for integers that are shown by name, from 0 on. A function takes
// nothing, returns one value, and is ro. Types are those of [Value]; a
// time.Duration is read and written as 1m30s.
//
// # Readers that run
//
// Set stores with [Store]; so a reader has to use [Load], and one that writes
// the variable [Store], to be free of data races. In a vimagegen build every
// mention of a variable with the directive that is rw becomes one of the two by
// itself, and what cannot (&ttl, ttl in a tuple assignment) is refused with its
// place. Elsewhere a plain mention is an ordinary, unsynchronised read as in
// any C kernel: it sees the old value or the new one, or, of a string, a
// mixture; write sysctl.Load(&ttl) where that matters. Booleans and numbers are
// loaded in one instruction, strings under a lock.
//
// # Limits
//
// A variable that is kept shared (//vimage:shared) is in every image's tree,
// and a change of it is a change for all; its mentions stay plain.
// Read-modify-write (ttl++) is a Load and a Store: a Set that comes between is
// lost, as it would be in the author's own code.
package sysctl
