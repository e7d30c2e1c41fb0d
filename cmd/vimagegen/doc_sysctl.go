/*
# Sysctl: write the files that register what //vimage:sysctl marks

Usage:

	vimagegen sysctl [-check] [-C dir] [build flags] [packages]

Sysctl makes settings and figures of variables and functions that bear the directive:

	//vimage:sysctl net.inet.ip.ttl rw "Initial time to live" min=1 max=255
	var ttl = 64

	//vimage:sysctl kern.uptime ro "Time since start"
	func uptime() time.Duration { return time.Since(started) }

Beside a file x.go that has some it writes zz_sysctl_x.go, to be committed: that registers them with
package runtime/vimage/sysctl when the package is initialised. So a plain go build has the tree too,
and with vimagegen each image has one of its own. Files that have nothing left to register are
removed. It looks at all files of the packages' folders, whatever their build constraints. Put
//go:generate go tool vimagegen sysctl into the package.

With -check nothing is written: it prints the names of files that are missing or out of date, and
exits 1 if there are any. Builds of vimagegen refuse them as well.

The words behind the description are min=V, max=V, oneof=V,V and, for integers that are shown by
name from 0 on, enum=NAME,NAME. The types are bool, string, integers, floats and time.Duration. In
a build of vimagegen every mention of a variable that is rw becomes an atomic access, so that it may
be written while the program runs; what cannot (&ttl, a tuple assignment) is refused. See the
documentation of package runtime/vimage/sysctl.
*/
package main
