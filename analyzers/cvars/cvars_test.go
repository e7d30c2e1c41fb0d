package cvars

import (
	"strings"
	"testing"
)

func TestScanC(t *testing.T) {
	for src, want := range map[string]string{
		"int x;":                                      "x",
		"static unsigned long a[3] = {1, 2, 3};":      "a",
		"static const int c = 1;":                     "",
		"const char *p = \"x\";":                      "p",
		"const char *const q = \"x\";":                "",
		"extern int e; extern int f = 1;":             "f",
		"int g(int n); void *h(void);":                "",
		"void (*hook)(int);":                          "hook",
		"void (*const fixed)(int) = 0;":               "",
		"void (*find(void *p, const char *n))(void);": "",
		"struct s { int n; };":                        "",
		"struct s { int n; } one, two;":               "two",
		"typedef int number;":                         "",
		"int f(void) { static int calls; int local; { static const int k = 1; } return ++calls; }\nint y;": "calls y",
		"#define X int z;\n/* int w; */ // int v;\nchar *s = \"int u;\";":                                  "s",
		"extern \"C\" { int inner; }": "inner",
		"enum { A, B };":              "",
	} {
		var got []string
		for _, v := range Scan(src) {
			got = append(got, v.Name)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: got %q, want %q", src, got, want)
		}
	}
	if v := Scan("\n/* x\n*/ int\n  n;")[0]; v.Line != 3 || v.Col != 3 {
		t.Errorf("n is at line %d, column %d", v.Line, v.Col)
	}
}
