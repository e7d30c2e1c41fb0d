// Package std brings in the packages whose facts are looked at.
package std

import (
	_ "bytes"
	_ "sort"
	_ "strings"
)
