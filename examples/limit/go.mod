module example.com/limit

go 1.26.0

require github.com/go-vimage/vimage v0.0.0

require (
	github.com/dave/jennifer v1.7.1 // indirect
	github.com/rogpeppe/go-internal v1.16.0 // indirect
	golang.org/x/mod v0.42.0 // indirect
	golang.org/x/sync v0.24.0 // indirect
	golang.org/x/tools v0.52.0 // indirect
	mvdan.cc/gofumpt v0.12.0 // indirect
)

replace github.com/go-vimage/vimage => ../..

tool github.com/go-vimage/vimage/cmd/vimagegen
