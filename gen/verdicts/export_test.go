package verdicts

// Decodes reports whether data is of the program with no files.
func Decodes(data []byte) bool { return decode(&files{}, data) != nil }

// Form returns the canonical form of a package of one file, "" if that does not
// compile.
var Form = form
