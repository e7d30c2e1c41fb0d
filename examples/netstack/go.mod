module github.com/go-vimage/vimage/examples/netstack

go 1.26.0

tool github.com/go-vimage/vimage/cmd/vimagegen

require (
	github.com/go-vimage/vimage v0.0.0
	github.com/gopacket/gopacket v1.7.7
)

require (
	github.com/dave/jennifer v1.7.1 // indirect
	github.com/rogpeppe/go-internal v1.16.0 // indirect
	golang.org/x/mod v0.42.0 // indirect
	golang.org/x/net v0.61.0 // indirect
	golang.org/x/sync v0.24.0 // indirect
	golang.org/x/sys v0.49.0 // indirect
	golang.org/x/tools v0.52.0 // indirect
	mvdan.cc/gofumpt v0.12.0 // indirect
)

replace github.com/go-vimage/vimage => ../..
