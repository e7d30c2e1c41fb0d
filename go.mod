module github.com/go-vimage/vimage

go 1.26.0

tool (
	github.com/go-vimage/vimage/cmd/vimagegen
	mvdan.cc/gofumpt
)

require (
	github.com/dave/jennifer v1.7.1
	github.com/rogpeppe/go-internal v1.16.0
	golang.org/x/mod v0.42.0
	golang.org/x/tools v0.52.0
	mvdan.cc/gofumpt v0.12.0
)

require (
	golang.org/x/sync v0.24.0 // indirect
	golang.org/x/sys v0.49.0 // indirect
)
