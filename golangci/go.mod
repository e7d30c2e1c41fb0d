module github.com/go-vimage/vimage/golangci

go 1.26.0

require (
	github.com/go-vimage/vimage v0.0.0
	github.com/golangci/plugin-module-register v0.1.2
	golang.org/x/tools v0.52.0
)

replace github.com/go-vimage/vimage => ../
