package changes

import (
	"reflect"
	"testing"
)

func TestParse(t *testing.T) {
	// The second hunk's lines look like what a diff says of itself.
	got, err := parse([]byte(`diff --git a/a.go b/a.go
--- a/a.go
+++ b/a.go
@@ -1 +1 @@ package a
-old
+new
@@ -9,2 +9,3 @@ func a() {
--- a/b.go
-@@ -1 +1 @@
+++ b/b.go
+@@ -5 +5 @@
+x
\ No newline at end of file
@@ -20,3 +20,0 @@
-gone
-gone
-gone
diff --git "a/\303\244.go" "b/\303\244.go"
--- /dev/null
+++ "b/\303\244.go"
@@ -0,0 +1,2 @@
+1
+2
diff --git a/with space.go b/with space.go
--- a/with space.go	
+++ b/with space.go	
@@ -3,0 +4 @@
+x
diff --git a/gone.go b/gone.go
--- a/gone.go
+++ /dev/null
@@ -1 +0,0 @@
-x
`))
	want := map[string][]span{"a.go": {{1, 1}, {9, 11}}, "ä.go": {{1, 2}}, "with space.go": {{4, 4}}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, %v\nwant %v", got, err, want)
	}
	for _, bad := range []string{"+++ b/a.go\n@@ -1 x @@\n", "@@ -1\n", `+++ "b/a.go` + "\n"} {
		if _, err := parse([]byte(bad)); err == nil {
			t.Errorf("%q is taken for a diff", bad)
		}
	}
}

func TestTouch(t *testing.T) {
	l := &Lines{top: t.TempDir(), changed: map[string][]span{"a.go": {{5, 7}}}, whole: map[string]bool{"new.go": true}}
	for _, test := range []struct {
		file     string
		from, to int
		want     bool
	}{
		{"a.go", 4, 4, false},
		{"a.go", 4, 5, true},
		{"a.go", 6, 6, true},
		{"a.go", 7, 9, true},
		{"a.go", 8, 8, false},
		{"new.go", 1, 1, true},
		{"same.go", 1, 1, false},
		{"../elsewhere.go", 1, 1, true},
	} {
		if got := l.Touch(l.top+"/"+test.file, test.from, test.to); got != test.want {
			t.Errorf("%s %d-%d: %t", test.file, test.from, test.to, got)
		}
	}
}
