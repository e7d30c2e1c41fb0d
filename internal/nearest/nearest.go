// Package nearest finds the name that a user probably meant.
//
// Input: a misspelt word and the known names. Output: the known name with the
// smallest edit distance (optimal string alignment: insert, delete, replace,
// swap neighbours), or "" if each needs more edits than a third of the word's
// length, and at least one is always allowed. Of equal ones the first in
// sorted order is taken. git and the Go command's module loader do alike.
package nearest

import "slices"

// To returns the known name nearest to word, or "".
func To(word string, known []string) string {
	best, least := "", max(1, len(word)/3)+1
	for _, name := range slices.Sorted(slices.Values(known)) {
		if d := distance(word, name); d < least && d < len(name) {
			best, least = name, d
		}
	}
	return best
}

// Hint returns `; did you mean "name"?`, or "" if no known name is near.
func Hint(word string, known []string) string {
	if name := To(word, known); name != "" {
		return `; did you mean "` + name + `"?`
	}
	return ""
}

// distance counts edits of bytes: names are ASCII.
func distance(a, b string) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			replace := rows[i-1][j-1]
			if a[i-1] != b[j-1] {
				replace++
			}
			rows[i][j] = min(replace, rows[i-1][j]+1, rows[i][j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}
