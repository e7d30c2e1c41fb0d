package nearest

import "testing"

func TestTo(t *testing.T) {
	known := []string{"build", "run", "test", "report", "version", "vet", "nm", "slot"}
	for word, want := range map[string]string{
		"biuld": "build", "reprot": "report", "versoin": "version", "tset": "test", "rnu": "run", "vett": "vet",
		"slots": "slot", "frob": "", "": "", "x": "", "generate": "", "mn": "nm",
	} {
		if got := To(word, known); got != want {
			t.Errorf("%q: got %q, want %q", word, got, want)
		}
	}
	if got := Hint("biuld", known); got != `; did you mean "build"?` {
		t.Error(got)
	}
	if got := Hint("frob", known); got != "" {
		t.Error(got)
	}
}
