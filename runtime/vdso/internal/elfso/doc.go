// Package elfso writes and reads the ELF shared objects that shared pages are.
//
// Input of [Build]: a name, version nodes, initial data, and symbols in the
// data. Output: the bytes of a shared object of the machine's own byte order,
// with 64-bit headers, that has no code:
//
//	PT_LOAD R     headers, .hash, .gnu.hash, .dynsym, .dynstr, .gnu.version,
//	              .gnu.version_d
//	PT_LOAD R     .page: the data
//	PT_LOAD RW    .dynamic, which the C library's loader writes to
//	PT_DYNAMIC, PT_GNU_STACK (not executable)
//
// Virtual addresses are offsets in the file. The data begins at a multiple of
// the largest page size of the machine. Data symbols are global, of type
// STT_OBJECT, with visibility STV_PROTECTED, so that no other object's symbol
// of that name takes their place.
//
// A process that opens the file with dlopen maps it MAP_PRIVATE. It never
// writes to the data, so it shares the data's memory with the publisher and
// reads live values.
//
// [Parse] reads such a file as a dynamic loader does, through PT_DYNAMIC and
// not through section headers. It takes any bytes: each offset is checked
// against the file's size before use, and work is bounded by the file's size.
//
// Limits: both hash tables have one bucket, so a lookup in C compares up to all
// symbols of the page. On 32-bit machines the C library refuses the 64-bit
// file; Go readers and debug/elf read it.
package elfso
