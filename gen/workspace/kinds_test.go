package workspace_test

import (
	"path/filepath"
	"strings"
	"testing"
)

// where is a package that tells where it stands.
const where = `package where

import "runtime"

func Where() string {
	_, file, _, _ := runtime.Caller(0)
	return Word() + " " + file
}
`

func TestVendored(t *testing.T) {
	if testing.Short() {
		t.Skip("builds programs")
	}
	p := newProgram(t, `
-- go.mod --
module example.com/m

go 1.26

require example.com/where v1.2.3
-- vendor/modules.txt --
# example.com/where v1.2.3
## explicit; go 1.26
example.com/where
-- vendor/example.com/where/where.go --
`+where+`
func Word() string { return "author" }
-- main.go --
package main

import "example.com/where"

func main() { println(where.Where()) }
-- want/vendor/example.com/where/where.go --
`+where+`-- want/vendor/example.com/where/word.go --
package where

func Word() string { return "ours" }
`)
	full := "ours " + p.dir + "/vendor/example.com/where/where.go\n"
	trimmed := "ours example.com/where@v1.2.3/where.go\n"
	p.env = append(p.env, "GOFLAGS=")
	p.want(full, nil, "run", ".")
	p.want(full, []string{"-mod", "vendor"}, "run", ".")
	p.env = append(p.env, "GOFLAGS=-mod=vendor")
	p.want(trimmed, []string{"-trimpath"}, "run", ".")
}

const uuidSum = `-- go.sum --
github.com/google/uuid v1.6.0 h1:NIvaJDMOsjHA8n1jAhLSgzrAzy1Hgr+hNrb57e+94F0=
github.com/google/uuid v1.6.0/go.mod h1:TIyPZe4MgqvfeYDBFedMoGGpEw/LqOeaOT+nhxU+yHo=
`

const uuidWord = `-- want/cache/github.com/google/uuid@v1.6.0/word.go --
package uuid

import "runtime"

func Word() string {
	_, file, _, _ := runtime.Caller(0)
	return "copy " + file
}
`

// TestReplaced has modules that replace directives put there: one by another of
// the module cache, one by a directory, named relative to the main module, also
// from another -modfile.
func TestReplaced(t *testing.T) {
	if testing.Short() {
		t.Skip("builds programs")
	}
	const require = `module example.com/m

go 1.26

require (
	example.com/fork v1.0.0
	example.com/where v1.0.0
)
`
	const replace = `
replace example.com/fork => github.com/google/uuid v1.6.0

replace example.com/where => ./where here
`
	p := newProgram(t, `
-- go.mod --
`+require+strings.Replace(replace, "./where here", `"./where here"`, 1)+uuidSum+`-- other.mod --
`+require+strings.Replace(replace, "./where here", `./other`, 1)+strings.Replace(uuidSum, "go.sum", "other.sum", 1)+`-- where here/go.mod --
module example.com/where
-- where here/where.go --
`+where+`-- where here/word.go --
package where

func Word() string { return "author" }
-- other/go.mod --
module example.com/where
-- other/where.go --
`+where+`-- other/word.go --
package where

func Word() string { return "other" }
-- main.go --
package main

import (
	uuid "example.com/fork"
	"example.com/where"
)

func main() {
	println(where.Where())
	println(uuid.Word())
}
-- want/where here/word.go --
package where

func Word() string { return "ours" }
`+uuidWord)
	cached := filepath.Join(p.goenv("GOMODCACHE")[0], "github.com/google/uuid@v1.6.0/word.go") + "\n"
	p.want("ours "+p.dir+"/where here/where.go\ncopy "+cached, nil, "run", ".")
	p.want("other "+p.dir+"/other/where.go\ncopy "+cached, []string{"-modfile=other.mod"}, "run", ".")
	p.env = append(p.env, "GOFLAGS=-modfile=other.mod -mod=mod")
	p.want("other "+p.dir+"/other/where.go\ncopy "+cached, nil, "run", ".")
}

// TestGoWork has a workspace whose second member replaces a module.
func TestGoWork(t *testing.T) {
	if testing.Short() {
		t.Skip("builds programs")
	}
	p := newProgram(t, `
-- go.work --
go 1.26

use (
	./m
	./lib
)

replace example.com/where => ./where
-- m/go.mod --
module example.com/m

go 1.26

require example.com/where v1.0.0
-- m/main.go --
package main

import (
	"example.com/lib"
	"example.com/where"
)

func main() {
	println(where.Where())
	println(lib.Word())
}
-- lib/go.mod --
module example.com/lib

go 1.26

require example.com/fork v1.0.0

replace example.com/fork => github.com/google/uuid v1.6.0
-- lib/lib.go --
package lib

import _ "example.com/fork"

func Word() string { return "author" }
-- where/go.mod --
module example.com/where
-- where/where.go --
`+where+`-- where/word.go --
package where

func Word() string { return "author" }
-- want/lib/lib.go --
package lib

import uuid "example.com/fork"

func Word() string { return uuid.Word() }
-- want/where/word.go --
package where

func Word() string { return "ours" }
`+uuidWord+strings.Replace(uuidSum, "go.sum", "lib/go.sum", 1))
	full := "ours " + p.dir + "/where/where.go\ncopy " +
		filepath.Join(p.goenv("GOMODCACHE")[0], "github.com/google/uuid@v1.6.0/word.go") + "\n"
	p.want(full, nil, "run", "./m")
	p.want("ours example.com/where@v1.0.0/where.go\ncopy example.com/fork@v1.0.0/word.go\n", []string{"-trimpath"}, "run", "./m")
	p.dir = filepath.Join(p.dir, "lib")
	p.env = append(p.env, "GOWORK=off", "PWD="+p.dir)
	p.want("example.com/lib\n", nil, "list", "-m")
}

// TestNoModFile has a module from before modules.
func TestNoModFile(t *testing.T) {
	if testing.Short() {
		t.Skip("builds programs")
	}
	p := newProgram(t, `
-- go.mod --
module example.com/m

go 1.26

require github.com/dgrijalva/jwt-go v3.2.0+incompatible
-- go.sum --
github.com/dgrijalva/jwt-go v3.2.0+incompatible h1:7qlOGliEKZXTDg6OTjfoBKDXWrumCAMpl/TFQ4/5kLM=
github.com/dgrijalva/jwt-go v3.2.0+incompatible/go.mod h1:E3ru+11k8xSBh+hMPgOLZmtrrCbhqsmaPHjLKYnJCaQ=
-- main.go --
package main

import jwt "github.com/dgrijalva/jwt-go"

func main() { println(jwt.Added) }
-- want/cache/github.com/dgrijalva/jwt-go@v3.2.0+incompatible/added.go --
package jwt

const Added = "added"
`)
	p.want("added\n", nil, "run", ".")
}

// TestDeleted removes files: of the main module, and of a copied one.
func TestDeleted(t *testing.T) {
	if testing.Short() {
		t.Skip("builds programs")
	}
	p := newProgram(t, `
-- go.mod --
module example.com/m

go 1.26

require github.com/google/uuid v1.6.0
`+uuidSum+`-- main.go --
package main

import "github.com/google/uuid"

func main() { println(uuid.Word()) }
-- broken.go --
package other
`+uuidWord)
	p.files[filepath.Join(p.dir, "broken.go")] = nil
	cache := p.goenv("GOMODCACHE")[0]
	p.files[filepath.Join(cache, "github.com/google/uuid@v1.6.0/version7.go")] = nil
	if out, err := p.run(nil, "vet", "."); err != nil {
		t.Error(out)
	}
	out, err := p.run(nil, "list", "-f", "{{.GoFiles}}", "github.com/google/uuid")
	if err != nil || strings.Contains(out, "version7.go") || !strings.Contains(out, "version6.go") {
		t.Errorf("%v: %s", err, out)
	}
}
