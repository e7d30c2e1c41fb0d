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
		"struct s { int n; } one, two;":               "one two",
		"int m, n = 1, o[2];":                         "m n o",
		"int *i, j;":                                  "i j",
		"const int k1 = 1, k2 = 2;":                   "",
		"int f1(int a, int b), v1;":                   "v1",
		"void g(void) { static int t[] = {1, 2}, u; while ((c = h(i, j))) { static struct { int q; } r; } }": "t u r",
		"template<int a, int b> int h();": "",
		"typedef int number;":             "",
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
