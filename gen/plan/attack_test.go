package plan_test

import (
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/go-vimage/vimage/internal/archives"
	"github.com/go-vimage/vimage/internal/attack"
)

var (
	attackSeed = flag.Uint64("attack.seed", 1, "the first program's `seed`")
	attackN    = flag.Int("attack.n", 1, "how many `programs` of each mode, with one seed after the other")
	attackVars = flag.Int("attack.vars", 0, "how many `variables` each program has (60; in mode each as many as there are entries)")
	attackMode = flag.String("attack.mode", "", "the only `mode`, rather than all of them: "+strings.Join(attack.Modes(), ", "))
	attackOnly = flag.Int("attack.only", -1, "the `number` of the only variable to write, whose program is printed")
)

// No variable of a generated program, which writes them all, is called shared.
// A failure names seed, mode and variable:
//
//	go test ./gen/plan -run TestAttack -v -attack.mode=std -attack.seed=7 -attack.only=23
//
// shows the program of that variable alone. To try many:
//
//	go test ./gen/plan -run TestAttack -attack.seed=1000 -attack.n=50
func TestAttack(t *testing.T) {
	modes := attack.Modes()
	switch {
	case *attackMode != "":
		modes = []string{*attackMode}
	case testing.Short():
		modes = modes[:1]
	}
	for _, mode := range modes {
		m, err := attack.ParseMode(mode)
		if err != nil {
			t.Fatal(err)
		}
		vars := *attackVars
		switch {
		case vars != 0:
		case m.Each:
			vars = attack.Trials(m)
		default:
			vars = 60
		}
		for seed := *attackSeed; seed < *attackSeed+uint64(*attackN); seed++ {
			t.Run(fmt.Sprintf("%s-%d", mode, seed), func(t *testing.T) {
				t.Parallel()
				o := attack.Options{Seed: seed, Vars: vars, Mode: m}
				if *attackOnly >= 0 {
					o.Only = map[int]bool{*attackOnly: true}
				}
				p, err := attack.Generate(o)
				if err != nil {
					t.Fatal(err)
				}
				ar := p.Archive()
				if *attackOnly >= 0 {
					for _, f := range ar.Files {
						t.Logf("-- %s --\n%s", f.Name, f.Data)
					}
				}
				got := fates(t, &archives.Archive{Archive: ar})
				for _, v := range p.Vars {
					if !strings.Contains(got, " m."+v+": ") {
						t.Errorf("%s is not judged", v)
					}
				}
				for _, line := range unsound(got) {
					t.Errorf("unsound: %s (mode %s, seed %d, of %d variables; with %s)", line, mode, seed, vars, strings.Join(p.Features, " "))
				}
			})
		}
	}
}

// A variable that says that it changes, and is not written, is reported: the
// check can see what is shared.
func TestAttackFinds(t *testing.T) {
	o := attack.Options{Seed: 5, Vars: 10, Harmless: map[int]bool{3: true, 8: true}}
	p, err := attack.Generate(o)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, line := range unsound(fates(t, &archives.Archive{Archive: p.Archive()})) {
		name, _, _ := strings.Cut(line, ":")
		got = append(got, name)
	}
	if want := []string{"shared m.changes3", "shared m.changes8"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
