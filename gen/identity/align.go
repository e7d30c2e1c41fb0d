package identity

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// A row is an instruction on both sides, or on one.
type row struct{ a, b *instruction }

func (r row) same() bool { return r.a != nil && r.b != nil && r.a.key == r.b.key }

// sideBySide shows two functions' instructions where they differ, with a few
// around. Above each piece of a source line's stands that line.
func sideBySide(a, b []instruction, src sources) []string {
	rows := align(a, b)
	const around = 2
	show := make([]bool, len(rows))
	for i, r := range rows {
		if !r.same() {
			for j := max(0, i-around); j <= min(len(rows)-1, i+around); j++ {
				show[j] = true
			}
		}
	}
	if !slices.Contains(show, true) { // tables only, or places that the listing does not tell
		return nil
	}
	var out []string
	var last []string
	for i, r := range rows {
		if !show[i] {
			if i > 0 && show[i-1] && slices.Contains(show[i:], true) {
				out = append(out, "...")
			}
			continue
		}
		at := heading(r, src)
		if slices.ContainsFunc(at, func(line string) bool { return !slices.Contains(last, line) }) {
			last = at
			out = append(out, at...)
		}
		out = append(out, spellRow(r))
	}
	return out
}

// heading says which source line a row is of.
func heading(r row, src sources) []string {
	spell := func(i *instruction, l *listed) string {
		return strings.TrimRight(fmt.Sprintf("%s:%d: %s", path.Base(i.file), i.line, src.line(l, i.file, i.line)), " ")
	}
	switch {
	case r.a == nil:
		return []string{"> " + spell(r.b, src.right)}
	case r.b == nil:
		return []string{"< " + spell(r.a, src.left)}
	}
	left, right := spell(r.a, src.left), spell(r.b, src.right)
	_, x, _ := strings.Cut(left, ": ")
	if _, y, _ := strings.Cut(right, ": "); left == right || x != "" && x == y { // only the line moved
		return []string{left}
	}
	return []string{"< " + left, "> " + right}
}

func spellRow(r row) string {
	const width = 50
	switch {
	case r.b == nil:
		return fmt.Sprintf("    %-*s  <", width, r.a.text)
	case r.a == nil:
		return fmt.Sprintf("    %-*s  >  %s", width, "", r.b.text)
	case r.same():
		return fmt.Sprintf("    %-*s     %s", width, r.a.text, r.b.text)
	}
	return fmt.Sprintf("    %-*s  |  %s", width, r.a.text, r.b.text)
}

// align pairs instructions by a longest common subsequence; what stands between
// two common ones is paired in order.
func align(a, b []instruction) []row {
	var head, tail []row
	for len(a) > 0 && len(b) > 0 && a[0].key == b[0].key {
		head = append(head, row{&a[0], &b[0]})
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1].key == b[len(b)-1].key {
		tail = append(tail, row{&a[len(a)-1], &b[len(b)-1]})
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	slices.Reverse(tail)
	const most = 4000 // of instructions a side; the table is their square
	if len(a) > most || len(b) > most {
		return slices.Concat(head, between(a, b), tail)
	}
	// common[i][j] is how many are common to a[i:] and b[j:].
	common := make([][]int32, len(a)+1)
	for i := range common {
		common[i] = make([]int32, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i].key == b[j].key {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	rows := head
	i, j, fromA, fromB := 0, 0, 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i].key == b[j].key:
			rows = append(rows, between(a[fromA:i], b[fromB:j])...)
			rows = append(rows, row{&a[i], &b[j]})
			i, j = i+1, j+1
			fromA, fromB = i, j
		case common[i+1][j] >= common[i][j+1]:
			i++
		default:
			j++
		}
	}
	rows = append(rows, between(a[fromA:], b[fromB:])...)
	return append(rows, tail...)
}

// between pairs what has nothing in common: instructions of one kind beside
// each other, the others one below the other.
func between(a, b []instruction) []row {
	var rows []row
	for len(a) > 0 || len(b) > 0 {
		switch {
		case len(a) == len(b) || len(a) > 0 && len(b) > 0 && opcode(a[0]) == opcode(b[0]):
			rows = append(rows, row{&a[0], &b[0]})
			a, b = a[1:], b[1:]
		case len(a) > len(b):
			rows = append(rows, row{&a[0], nil})
			a = a[1:]
		default:
			rows = append(rows, row{nil, &b[0]})
			b = b[1:]
		}
	}
	return rows
}

func opcode(i instruction) string {
	op, _, _ := strings.Cut(i.key, " ")
	return op
}
