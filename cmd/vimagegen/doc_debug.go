/*
# Debug: delve, and profiles, by image

Delve, with the g slot. Build without optimisation and start the file under dlv; what follows -- is
the program's. A binary that vimagegen build made without -launch is started without -vimage.n.

	go install github.com/go-delve/delve/cmd/dlv@latest
	vimagegen build -launch -gcflags='all=-N -l' -o shop .
	dlv exec ./shop -- -vimage.n=3 -port 80{image}

Files and lines are the author's. The image of a goroutine is a field of the runtime's g. Stop in
image 2 alone:

	(dlv) break main.sell
	(dlv) condition 1 runtime.curg.vnet.ID == 2
	(dlv) continue
	(dlv) print runtime.curg.vnet.Name

A virtual variable x of package p is the field V_x of the image's container, to which a function that
uses it has a pointer, vnet_p, from its first line on. It can be set, too:

	(dlv) next
	(dlv) print vnet_main.V_sold
	(dlv) set vnet_main.V_sold = 7
	(dlv) frame 1 print vnet_main.V_sold

In a function that does not use the package, look it up in the image: that of the goroutine,
runtime.curg.vnet, or another, from runtime.vnet0 (image 0) by next, in the order of their age:

	(dlv) print (*main.vnet_main)(runtime.curg.vnet.box.entry[int(main.vnet_main_module.Off)/8]).V_sold
	(dlv) print runtime.vnet0.next.Name
	(dlv) print *(*main.vnet_main)(runtime.vnet0.next.box.entry[int(main.vnet_main_module.Off)/8])

The 8 is the size of a pointer. If a variable has no container, all images share it, and it is where
its author put it: vimagegen report says which is which.

Print the image at each call of a function, without a stop. Dlv allows one breakpoint at a place, so
the first one goes:

	(dlv) clear 1
	(dlv) trace main.sell
	(dlv) on 2 print runtime.curg.vnet.ID
	(dlv) continue

Profiles have a label vimage with the image's name, in both slots. The debug pages serve them:

	vimagegen run -n 3 -debug=localhost:6060 .
	go tool pprof -tags 'http://localhost:6060/debug/vimage/profile?seconds=5'
	go tool pprof -top -tagfocus='vimage=^2$' PROFILE
	go tool pprof -http=: -tagroot=vimage PROFILE
	go tool pprof -tags http://localhost:6060/debug/vimage/goroutine

-tags prints each image's share of the CPU, or of the goroutines, -tagfocus the functions of image 2;
with -tagroot the flame graph has the images at its root.
*/
package main
