// Package objects lists the symbols of writable data in what was built: in the
// objects that the compiler made of packages, and in executables. It is the
// counterpart of nm(1), which was used to find colliding file-static variables
// when FreeBSD was virtualised.
//
// Input: a file that go list -export names, or an executable. Output: each
// [Writable], with the part of the archive that defines it. Package gen/nm
// accounts for them.
//
// # Limits
//
// The go command is asked for the list, so the file must be of its toolchain.
package objects
