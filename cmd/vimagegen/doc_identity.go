/*
# Identity: compare the machine code of two builds

Usage:

	vimagegen identity [-from MODE] [-to MODE] [-base REV] [-level identical|addresses] [-deps] [-tests]
		[-json] [build flags] [packages]

Identity compiles packages in two builds and compares what the compiler made: of every function the
instructions, what they refer to, its frame and its tables for the garbage collector; of all data,
written or not, the bytes and what they refer to; and which functions and data there are. It prints
what differs, with the instructions of both sides beside each other and the source lines above, then
a line for each package, and the answer: identical, identical but for addresses, or different. It
exits 1 if that is less than the level asked for.

Identity does not compare line tables, file names, debug information and export data. It compares
data without a name (strings, the compiler's static values) where code uses them, whatever their
numbers are.

The flags of its own:

	-from MODE, -to MODE
		the two builds: plain, nop, static or vimage; by default plain and nop. One must be
		plain. See vimagegen help build.
	-base REV
		compare a git revision with the working tree instead, both plain: nothing differs when
		only comments, names, or the order of declarations changed. Functions and variables that
		only have other names are printed, and the answer is identical but for names. The names
		of types and of their methods are data, and differ. Accessors that vimagegen generate
		added (V_X, which returns X's address) are listed as added, and are no difference.
	-level identical|addresses
		what is asked for: addresses where a side is static, else identical.
	-deps
		with what the packages import, outside of the standard library.
	-tests
		with the packages' tests.
	-json
		print one object: from, to, packages (path, counts, differences, inlined,
		by_the_compilers_choice, renamed, filled_at_start, added),
		total, missing, causes. A difference has symbol, kind (function, data, rodata, object), why, file,
		line and listing.

The nop build must be identical. In the static build these differ for reasons that are known, and
are told apart:

	set-up
		the functions that give the structs' fields their values, and fields that they fill
		where the compiler lays a variable out: any initialiser but a constant;
	inliner's budget
		a field costs the inliner one node more than a variable, so that a function at the edge
		is not inlined: found with -m=2, and counted for itself;
	compiler's choice
		the compiler had the same to compile, which is seen in the trees that it prints (-W), but
		does not treat a field quite as a variable: its lowering copies some into temporaries, its
		back end puts loads in another order and keeps values elsewhere. Counted for itself, with
		which of the two it was.

Where a function is inlined that reads a field of another package's struct, the compiler describes
the types of the struct's other fields too. What nothing refers to is in no binary; it is counted
for itself, as what a linker leaves out.

What else differs counts as different; if only the order of instructions does, or marks of inlined
calls, the reason says so.

It needs the object format of Go 1.26; another one is refused.
*/
package main
