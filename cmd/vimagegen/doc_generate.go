/*
# Generate: write the files of committed builds

Usage:

	vimagegen generate [-adopt] [-n] [-f] [-config LIST] [-modules LIST] [-C dir] [build flags] [packages]
	vimagegen generate -check [-f] [-config LIST] [-modules LIST] [-C dir] [build flags] [packages]
	vimagegen generate -clean [-n] [-f] [-C dir] [build flags] [packages]

Generate writes files beside the source of packages, to be committed, so that go build makes the
plain program and go build -tags vimage one with images. Neither needs this tool. Put
//go:generate go tool vimagegen generate into the package, and have the module require the tool:

	go get -tool github.com/go-vimage/vimage/cmd/vimagegen
	go tool vimagegen generate -adopt ./...

A file x.go that mentions a virtual variable gets a twin x_vimage.go, and needs the build constraint
!vimage. The file zz_vnet.go has the package's container vnet_pkg, the function INIT_VNET_PKG that
returns the current image's, and the replay of initialization. Test files get twins too. All adopted
packages of the module are brought up to date with the named ones, because a variable of one can be
virtual for what another does. Nothing is written unless everything can be.

The flags:

	-adopt
		add the constraint !vimage to files that need it. Without it, such files are named,
		nothing is written, and the exit is 1.
	-n
		print what would change, and write nothing.
	-check
		write nothing, print what would change, and exit 1 if there is anything.
	-config GOOS/GOARCH[,TAG...];...
		the configurations that the files are for. A variable that is virtual in one is
		virtual in all. The default is the environment's, and of linux, darwin and windows
		on amd64 and arm64 those that select other files of the packages.
	-modules LIST
		packages whose functions slots call directly, separated by commas; every program with
		the tag has to import them. Others are called by pointers.
	-clean
		remove the generated files of the named packages, and the constraint.
	-f
		replace or remove generated files that were edited. Without it they are named, nothing
		is written, and the exit is 1.

Vimagegen build, run, test and report rewrite an adopted package from its author's files, as any other.
They leave the tag vimage out if the build flags set it, except for -mode plain.

Importers of a package are not known. They may assign its exported variables, so these are virtual;
//vimage:shared REASON keeps one for all images. An importer that is not adopted says *pkg.V_X() for
pkg.X: the function V_X returns X's address in both builds. Generate names such packages of the module,
writes its files all the same, and exits 1; vimagegen vet -committed -fix changes their mentions.

Packages that are not adopted, the standard library included, have one of each variable: generate names
the variables of other modules that change. What an importer has to write in another way: vimagegen help
importers.

Slots (vimagegen help aliases) are their stubs in the plain build, and in the one with the tag they call
the modules that the program has loaded: the files zz_vnet_alias.go declare slots and modules. A slot
that is per=image calls those of the current image.

Shared pages (vimagegen help page) get a publisher and a reader, in the files zz_page_NAME.go of both
builds, and NAME.abi, the record of the types and versions that were published. They are written
first, as the rest of the package may use them, and stay if the rest is refused; a change of types
without a new version is exit 2.

An initialiser or init function that registers in the standard library (flag.Bool, http.Handle) runs
once, for image 0, and is named with its place.

Refused are variables with a second name by go:linkname, variables whose type the package cannot
name, files that import "C" and mention virtual variables, files that no configuration builds if they
may mention virtual variables, and files whose text would depend on the configuration. Packages in
which something is refused are exit 3; packages that do not type-check, and those of other modules,
are exit 2.
*/
package main
