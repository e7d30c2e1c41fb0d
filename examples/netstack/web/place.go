package web

import (
	"math"

	"github.com/go-vimage/vimage/examples/netstack/lab"
)

type point struct{ x, y float64 }

// place draws nodes that are linked near to each other: Fruchterman and Reingold's
// algorithm, from a circle on, so that a topology looks the same each time.
func place(s *lab.Snapshot) map[string]point {
	const width, height, rounds = 1000.0, 600.0, 200
	n := len(s.Nodes)
	at, index := make([]point, n), map[string]int{}
	for i, node := range s.Nodes {
		a := 2 * math.Pi * float64(i) / float64(n)
		at[i] = point{width/2 + 250*math.Cos(a), height/2 + 200*math.Sin(a)}
		index[node.Name] = i
	}
	k := math.Sqrt(width*height/float64(max(n, 1))) * 0.6
	for round := range rounds {
		move := make([]point, n)
		push := func(i, j int, force func(d float64) float64) {
			dx, dy := at[i].x-at[j].x, at[i].y-at[j].y
			d := math.Max(math.Hypot(dx, dy), 0.01)
			f := force(d) / d
			move[i].x, move[i].y = move[i].x+dx*f, move[i].y+dy*f
			move[j].x, move[j].y = move[j].x-dx*f, move[j].y-dy*f
		}
		for i := range n {
			for j := range i {
				push(i, j, func(d float64) float64 { return k * k / d })
			}
		}
		for _, l := range s.Links {
			push(index[node(l.A)], index[node(l.B)], func(d float64) float64 { return -d * d / k })
		}
		most := width / 10 * (1 - float64(round)/rounds)
		for i, m := range move {
			d := math.Max(math.Hypot(m.x, m.y), 0.01)
			f := math.Min(d, most) / d
			at[i].x = math.Min(width-40, math.Max(40, at[i].x+m.x*f))
			at[i].y = math.Min(height-40, math.Max(40, at[i].y+m.y*f))
		}
	}
	places := map[string]point{}
	for i, node := range s.Nodes {
		places[node.Name] = at[i]
	}
	return places
}
