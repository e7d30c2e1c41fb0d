package flow

import (
	"go/token"
	"go/types"
)

// A Kind says what an operation does.
type Kind uint8

// The operations. "Content" is what the memory holds that a reference leads to. Types and functions of structs and
// arrays are looked up in the memory of their fields and elements, wherever a value of the kind lies; the operations that
// say Parts move the references that such a value holds, and no types.
const (
	Copy       Kind = iota // A gets what B holds
	Convert                // the same, where the type becomes another that is laid out in the same way
	Recast                 // the same, where the type becomes any other; if C is not 0, A's types are known otherwise
	Retype                 // the same, by reflection: to which type is not known
	Like                   // the same, by reflection: its type becomes one to which it converts
	Address                // A, an unsafe.Pointer, may be one of type C
	Seen                   // what B leads to, an unsafe.Pointer, is seen as type C, as far as it is known what B was
	SeenBy                 // memory of type C, or what A leads to if that is 0, is seen as the types that B describes
	Moved                  // A, an address without a type, may be another than where memory of its types begins
	Converts               // values of B's types are seen as those of all types to which they convert
	Hold                   // what Copy does, but no types
	Types                  // A gets the types and functions of B, but no references
	Described              // A gets the types that values of B have, of which it knows nothing else
	Existing               // A, a value of package reflect, stands for one that was there before
	Part                   // A, a value of package reflect, is what B holds, or a part of that
	Put                    // what A stands for, a value of package reflect, is written, by function C-1
	Replace                // the same, where A may be a whole struct or function: by B, if known
	Set                    // what A stands for, a value of package reflect, may get what B holds
	Assert                 // A gets what B holds as far as it is of type C
	Make                   // A, an interface, gets B as a value of type C; B may be none
	Load                   // A gets the content of what B leads to, and what memory C holds
	LoadParts              // the same for a struct or array
	Field                  // A gets a part of the value B, of the kind that memory C holds
	FieldParts             // the same for a part that is a struct or array
	Store                  // what A leads to is written: B, or something without references if that is none, in memory C
	StoreParts             // the same for a struct or array
	Fill                   // B comes into memory C, of what A leads to: behind its length, or a Write says so besides
	FillParts              // the same for a struct or array
	Write                  // what A leads to is written, by function C-1 if C is not 0
	Append                 // what A leads to is written behind its length, if there is room
	Reslice                // A is a shorter slice of B
	Box                    // A, the slice of a call's variadic arguments of type C, carries what B holds
	Only                   // A gets what B holds as far as it is of a type, or leads to one, for which C stands
	Open                   // others may have what A leads to, or it is moved unseen
	Prints                 // print or println is called
	Room                   // a slice is made that may have room behind its length
	Fresh                  // A is a reference to new memory
	Unknown                // A is handed to something that may do anything to it, function C-1 if C is not 0
	Value                  // A gets function C
	Derive                 // A gets the types of what can be reached from a value of B's types
	Promote                // A holds the embedded fields of B's values, with their types
	Reach                  // A gets all that can be reached from what B holds
	Hand                   // A gets all that can be reached from what B, an address without a type, may be the address of
	Pointed                // A gets the types of pointers to values of B's types
	Any                    // A gets values of any type
	Methods                // any exported method of what A holds is called
	Bound                  // A gets exported methods of what B holds, as functions
	Expose                 // package reflect may store into what A leads to
	Protect                // memory at address A, unknown if that is none, may become executable, by function C-1
	Mapped                 // A is the address of memory that is mapped here
	Count                  // A, a uintptr, is no address
	Invoke                 // call C of the function's Calls happens
)

// An Op is one operation.
type Op struct {
	Kind Kind
	A, B Node
	C    int32 // a node, a TypeID, a FuncID or an index of Calls, by Kind
	Pos  token.Pos
}

// A Call is one call of a function.
type Call struct {
	Static  FuncID      // if the callee is known, else -1
	Method  *types.Func // if an interface's method is called on Target
	Iface   TypeID      // the interface's type, with Method
	Said    bool        // a word says what implementations do about which there are words
	Target  Node        // the interface, or the function value
	Args    []Node
	Results []Node
	Sig     TypeID // the function's type, without a Static callee; 0 if it may have any
	Go      bool
	Pos     token.Pos
}
