package verdicts

import (
	"bytes"
	"encoding/gob"
	"go/token"

	"github.com/go-vimage/vimage/analyzers/flow"
	"github.com/go-vimage/vimage/analyzers/proof"
)

// A stored is a [proof.Result] with positions that last.
type stored struct {
	Result proof.Result // its positions are numbers of Places
	Places []place
}

// encode returns nil if a position has no place.
func encode(all *files, res *proof.Result) []byte {
	s := stored{Places: []place{nowhere}}
	numbers := map[token.Pos]token.Pos{token.NoPos: 0}
	ok := true
	s.Result = relocate(res, func(pos token.Pos) token.Pos {
		n, known := numbers[pos]
		if !known {
			at, found := all.place(pos)
			ok = ok && found
			n = token.Pos(len(s.Places))
			numbers[pos] = n
			s.Places = append(s.Places, at)
		}
		return n
	})
	var data bytes.Buffer
	if !ok || gob.NewEncoder(&data).Encode(s) != nil {
		return nil
	}
	return data.Bytes()
}

// decode returns nil if the data is not of such a program.
func decode(all *files, data []byte) *proof.Result {
	var s stored
	if gob.NewDecoder(bytes.NewReader(data)).Decode(&s) != nil {
		return nil
	}
	ok := true
	res := relocate(&s.Result, func(n token.Pos) token.Pos {
		if int(n) < 0 || int(n) >= len(s.Places) {
			ok = false
			return token.NoPos
		}
		pos, found := all.pos(s.Places[n])
		ok = ok && found
		return pos
	})
	if !ok {
		return nil
	}
	return &res
}

// relocate returns a copy of a result with each position replaced.
func relocate(res *proof.Result, to func(token.Pos) token.Pos) proof.Result {
	r := relocation(to)
	out := proof.Result{Vars: map[proof.Name]*proof.Var{}, Stats: res.Stats}
	for n, v := range res.Vars {
		c := *v
		c.Changed = r.steps(v.Changed)
		out.Vars[n] = &c
	}
	for _, u := range res.Units {
		c := *u
		c.Pos = to(u.Pos)
		c.Writes, c.Reads, c.Sees = r.named(u.Writes), r.named(u.Reads), r.named(u.Sees)
		c.Ahead, c.Outer = r.touched(u.Ahead), r.touched(u.Outer)
		c.World = r.steps(u.World)
		out.Units = append(out.Units, &c)
	}
	for _, c := range res.Codes {
		c.Pos = to(c.Pos)
		out.Codes = append(out.Codes, c)
	}
	for _, c := range res.Alone {
		out.Alone = append(out.Alone, flow.Cast{Type: c.Type, Pos: to(c.Pos)})
	}
	for _, pos := range res.Reached {
		out.Reached = append(out.Reached, to(pos))
	}
	return out
}

type relocation func(token.Pos) token.Pos

func (r relocation) steps(list []proof.Step) (out []proof.Step) {
	for _, s := range list {
		out = append(out, proof.Step{Pos: r(s.Pos), Text: s.Text})
	}
	return out
}

func (r relocation) named(m map[proof.Name]proof.Step) map[proof.Name]proof.Step {
	out := make(map[proof.Name]proof.Step, len(m))
	for n, s := range m {
		out[n] = proof.Step{Pos: r(s.Pos), Text: s.Text}
	}
	return out
}

func (r relocation) touched(m map[proof.Name]proof.Touch) map[proof.Name]proof.Touch {
	out := make(map[proof.Name]proof.Touch, len(m))
	for n, t := range m {
		t.Pos = r(t.Pos)
		out[n] = t
	}
	return out
}
