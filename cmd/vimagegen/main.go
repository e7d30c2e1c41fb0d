package main

import (
	_ "embed"
	"os"

	"github.com/go-vimage/vimage/cmd/vimagegen/internal/cli"
)

//go:embed doc.go
var doc string

func main() { os.Exit(cli.Main(os.Args[1:], doc)) }
