package main

import (
	"embed"
	"os"

	"github.com/go-vimage/vimage/cmd/vimagegen/internal/cli"
)

// manual is the source of the manual: doc.go has its first part, a file beside
// it each page. That of the verb test is doc_tests.go, as the go command takes
// doc_test.go for a test.
//
//go:embed doc*.go
var manual embed.FS

func main() { os.Exit(cli.Main(os.Args[1:], manual)) }
