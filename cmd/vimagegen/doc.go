/*
Vimagegen builds, runs and tests Go programs of which one process holds many images: each image
has its own copy of every package-level variable that is not proved immutable, of the program and
of all that it imports. The source stays as it is, and so does every file of yours.

Usage:

	vimagegen <verb> [arguments]

The verbs are:

	build      compile packages and their dependencies
	run        compile a program and start it N times in one process
	test       test packages in an image of their own
	generate   write the files of committed builds
	identity   compare the machine code of two builds
	nm         account for every writable symbol of a build
	report     tell of every package-level variable what becomes of it, and why
	sysctl     write the files that register what //vimage:sysctl marks
	vet        gate on what stands in the way of images
	clean      remove the cache
	version    print the versions of vimagegen and of the toolchain it was built with
	help       print this text, or that of one verb or topic

On a terminal, a command that takes longer than two seconds shows on the standard error what it is at,
in one line that is erased at the end. Elsewhere, and with -json or -x, it does not.

The topics are:

	launch     what a program from build -launch takes from its user
	exit       what the exit statuses mean
	words      what you can say of a variable, and where
	schema     what report -json prints
	vettool    use by go vet, golangci-lint and Bazel
	debug      delve, and profiles, by image
	slot       where a goroutine's current image is kept
	process    what images share of their process, and what is their own
	cache      what is kept, and where

Each analyzer of vet, and each of its rules, is a topic too: collisions, crossing, globals, nolint.

# Build

Usage:

	vimagegen build [-mode plain|nop|static|vimage] [-launch [-debug]] [-slot g|label] [build flags] [packages]

Build compiles packages as go build does, with the same flags and in the same environment, GOFLAGS
included. The program starts in image 0 and does there what the plain one does; with package
runtime/vimage it makes more images. With -launch it starts images by itself instead: see
vimagegen help launch. The build info (debug.ReadBuildInfo, go version -m) is what go build records,
as it is under run and test.

The flags of its own:

	-mode plain|nop|static|vimage
		how a virtual variable x is spelled: as the author wrote it; V_x, a plain variable;
		VNET0_PKG.V_x, a field of one static struct; or vnet_pkg.V_x, through the pointer
		of the current image, which is the default. Only the last has images; the others are
		there to be compared: see vimagegen help identity. They leave the standard library,
		and what is refused, as it is.
	-launch
		make programs that start N images of themselves, as run does.
	-debug
		with -launch: such a program can serve the debug pages of its images, without a line
		in it: see vimagegen help launch. It has net/http linked in then.
	-slot g|label
		where a goroutine's current image is kept: see vimagegen help slot.
	-stats FILE
		write how many variables of each package are virtual, shared and refused, as JSON.

Flags of go build that mean a little more:

	-v
		print the names of packages as they are compiled.
	-x
		print the go commands too.
	-work
		print the name of the work folder too, and keep it. It holds what the go command was
		given: overlay.json names each file that stands for another.

# Run

Usage:

	vimagegen run [-n N] [-args FILE] [-prefix] [-debug ADDR] [-panic image|process]
		[-fail-fast | -restart never|on-failure] [-slot g|label] [run flags] package [arguments]

Run compiles a main package, named as for go run, and starts it N times in one process: in the
images 1 to N, at the same time. os.Args, flag.CommandLine and os.Exit belong to the image. It
builds what vimagegen build -launch builds, and starts it with the flags of vimagegen help launch
that say the same.

An image ends as a process does: when main returns, by os.Exit, or with status 2 by a panic that no
goroutine recovers. The others go on. The process ends when all images have ended. If there are
several, the standard error then has a line for each that ended badly; if the highest status is not
0, run prints it as go run does and exits 1.

	panic: boom [image 3]
	...
	image 3: exit status 2
	exit status 2

The images have one standard input. Each byte goes to the one image that reads it, and all that read
see the end: with a terminal or a file as input, let one image read.

A deadlock of all goroutines of an image ends it in the same way, half a second later, where it is
certain that nobody else can wake them. It is not looked for with the label slot, where C is linked in
(the runtime does not look for it there either), in programs that import runtime/vimage, and where variables are shared by
the user's word; and an image counts as alive while one of its goroutines is blocked inside of a
standard package other than sync, io and context, which all images may share.

What only the process can survive ends the process with all images: a fatal error of the Go runtime
(concurrent map writes, out of memory, stack overflow), a fault in C code, and a panic in a
finalizer or cleanup.

The flags of its own:

	-n N
		how many images to start; 1 by default, or as many as FILE of -args has lines.
	-args FILE
		for each image a line: see vimagegen help launch.
	-prefix
		put the image's name before each line that it prints.
	-debug ADDR
		serve /debug/vimage/ at a TCP address such as localhost:6060, by a server and a mux of
		its own, in image 0; see package runtime/vimage/debug. There is no authentication.
	-panic image|process
		what an unrecovered panic ends; the image by default.
	-fail-fast
		end the process, with its status, when the first image ends badly.
	-restart never|on-failure
		on-failure: start an image that ends badly again, after 0.1 s; the delay doubles each
		time up to 30 s, and is 0.1 s again for an image that lived longer than that.
	-slot g|label, -stats FILE
		as for build.

In the arguments, {image} becomes the image's number. A flag that is not given is taken from the
environment variable that vimagegen help launch names. A package at a version (path@v1.2.3) is
refused: it would be built outside of any module.

# Launch

A program that was built by vimagegen build -launch starts N images of itself, and needs nothing but
its file: neither vimagegen nor a toolchain. Images begin and end as under vimagegen run. The flags
come before the program's own arguments; the environment variables mean the same, and a flag
overrides its variable. The program sees neither.

	-vimage.n N                        VIMAGE_N            how many images; 1 by default
	-vimage.args FILE                  VIMAGE_ARGS         for each image a line
	-vimage.prefix                     VIMAGE_PREFIX       put the image's number before its lines
	-vimage.panic image|process        VIMAGE_PANIC        what an unrecovered panic ends
	-vimage.fail-fast                  VIMAGE_FAIL_FAST    end with the first image that ends badly
	-vimage.restart never|on-failure   VIMAGE_RESTART      start such an image again
	-vimage.debug ADDR                 VIMAGE_DEBUG        serve /debug/vimage/; built with -debug
	-vimage.help                                           print the flags

A line of FILE is read as a shell reads words, but for what a shell expands: '...' is taken as it is,
in "..." and outside a backslash quotes the next character. First come KEY=VALUE words, which are
added to the image's environment, then arguments, which are added to those of the command line. The
word -- ends the environment, for an argument that looks like KEY=VALUE, and is the whole line of an
image for which there is nothing to say. Empty lines and lines that begin with # are for no image.
There are as many images as lines. In arguments, and in the file, {image} becomes the image's number.

	# two shops
	SHOP=books -addr :8081
	SHOP='toys & games' -addr :8082

The folder examples/container has a Dockerfile.

# Test

Usage:

	vimagegen test [-check-isolation[=strict] [-diff]] [-slot g|label] [build and test flags] [packages] [test binary flags]

Test runs the tests of packages as go test does, with the same flags, virtualised and in an image
that is not image 0. Packages of other modules can be named too, as for go test.

The flags of its own:

	-check-isolation
		create a second image, the witness, before the tests run, in which nothing runs but the
		packages' initialisation. When the tests, benchmarks and examples have run, or TestMain
		has called os.Exit without them, look through the heap for objects that both images
		reach otherwise than through shared variables. Each is told with its type, and from
		each image with a variable and what leads on from it, and the line of its declaration;
		then the run fails. What initialisation prints is printed twice; one that works only
		once fails the run. See package runtime/vimage/isolation for what is seen and what is not.
	-check-isolation=strict
		do not take the user's word for it that a variable may be shared: objects that an image
		and such a variable both lead to are told, too.
	-diff
		with -check-isolation: compare what the witness's variables lead to with what it was
		before the tests ran, too, and so variables that are shared because they are proved not
		to change; if strict, those shared by the user's word. Each value that has changed is
		told with both values.
	-slot g|label, -stats FILE
		as for build.

# Identity

Usage:

	vimagegen identity [-from MODE] [-to MODE] [-base REV] [-level identical|addresses] [-deps] [-tests]
		[-json] [build flags] [packages]

Identity compiles packages in two builds and compares what the compiler made: of every function the
instructions, what they refer to, its frame and its tables for the garbage collector; of all data,
written or not, the bytes and what they refer to; and which functions and data there are. It prints
what differs, with the instructions of both sides beside each other and the source lines above, then
a line for each package, and the answer: identical, identical but for addresses, or different. It
exits 1 if that is less than the level asked for.

What is not compared: line tables and file names, what is for debuggers, and what importers' compilers
read. Data without a name (strings, the compiler's static values) are compared where they are used,
whatever their numbers are.

The flags of its own:

	-from MODE, -to MODE
		the two builds: plain, nop, static or vimage; by default plain and nop. One must be
		plain. See vimagegen help build.
	-base REV
		compare a git revision with the working tree instead, both plain: nothing differs when
		only comments, names, or the order of declarations changed. Functions and variables that
		only have other names are printed, and the answer is identical but for names. The names
		of types and of their methods are data, and differ.
	-level identical|addresses
		what is asked for: addresses where a side is static, else identical.
	-deps
		with what the packages import, outside of the standard library.
	-tests
		with the packages' tests.
	-json
		print one object: from, to, packages (path, counts, differences, inlined,
		by_the_compilers_choice, renamed, filled_at_start),
		total, missing, causes. A difference has symbol, kind (function, data, rodata, object), why, file,
		line and listing.

The nop build must be identical. In the static build these differ for reasons that are known, and
are told apart:

	set-up
		the functions that give the structs' fields their values, and fields that they fill
		where the compiler lays a variable out: any initialiser but a constant;
	inliner's budget
		a field costs the inliner one node more than a variable, so that a function at the edge
		is not inlined: found with -m=2, and counted for itself;
	compiler's choice
		the compiler had the same to compile, which is seen in the trees that it prints (-W), but
		does not treat a field quite as a variable: its lowering copies some into temporaries, its
		back end puts loads in another order and keeps values elsewhere. Counted for itself, with
		which of the two it was.

What else differs counts as different; if only the order of instructions does, or marks of inlined
calls, the reason says so.

It needs the object format of Go 1.26; another one is refused.

# Nm

Usage:

	vimagegen nm [-mode MODE] [-binary FILE] [-tests] [-json] [-slot g|label] [build flags] [packages]

Nm reads the symbols of writable data (data, bss, noptrdata, noptrbss) of every package that has virtual
state, in what the compiler made or in an executable, and accounts for each:

	virtual       the plan's word, for what has a symbol nevertheless: in a plain or nop build,
	              and variables of which each image's begins as a copy
	shared        with the plan's reason
	refused       with the reason
	compiler      made by the toolchain; the last lines count which kinds
	vimage        made by vimagegen
	unaccounted   nothing accounts for it: then nm exits 1

It prints a line for each but the toolchain's and vimagegen's own, with the variable's place, unexported
names that stand in several packages, and the totals. C variables that cgo brings are shared where the
settings say so, and refused where their declarations are seen.

The flags of its own:

	-mode plain|nop|static|vimage
		the build that is looked at: see vimagegen help build. The default is that with images.
	-binary FILE
		look at an executable, built in whichever way. The plan is made of the main package
		that it names, in the working directory's module; Go files must be named.
	-tests
		with the packages' tests.
	-json
		print one object: packages; symbols, each with package, name, memory, size, class,
		reason and place; totals by class; made, the toolchain's by kind; same.

# Report

Usage:

	vimagegen report [-json] [-html file] [-fate fate] [-tests] [-std] [build flags] [packages]

Report tells of every package-level variable of a program, its imports' included, whether it is
virtual (each image has its own), shared (one for all images) or refused, and why. It prints a line
for each, by package, file and position:

	file:line:col: fate: package.name (type, size, writes, addresses, reads): reason

and a summary on the last line.

Writes, addresses and reads are the places in the text that assign the variable or change what it
refers to, that take its address, and that read it; those in code that no run can reach are counted
too, though they do not make a variable virtual. The packages need not be programs. What is refused
does not make report fail.

The flags of its own:

	-json
		print JSON instead; see vimagegen help schema.
	-html file
		write one page, to be opened in a browser: totals, bytes per image by package, and each
		variable with its chain of reasons and the source lines. It needs no network. The lines
		are not printed then.
	-fate virtual|shared|refused
		tell of the variables with this fate only.
	-tests
		take the packages' tests as part of the program.
	-std
		tell of all variables of those standard packages that an image has its own of some of.
		Without it, of those alone that the program changes: see vimagegen help std.

# Std

In the builds that vimagegen drives, an image has its own of the standard library's package-level
variables that the program changes. It changes one

	by assigning it                          time.Local = zone
	by changing what it refers to            unicode.Scripts["x"] = table
	by calling a function that writes it     rpc.Register(node)

and the proof finds that for each program, as it does for the program's own variables. What the
standard library's other initialisers make of such a variable is the image's own too: the handlers
that net/http/pprof registers when it is initialised are in each image's http.DefaultServeMux.

Shared by all images are those variables whose change no image can tell (caches, pools, what is
computed once and is the same for all), and those that stand for what the machine or the process has
one of: its files, limits, environment, signals and profiles. The table of them all, with a reason
each, is analyzers/stdstate/table.txt of the tool's module.

Refused, if the program changes them, are the variables of package runtime and of what the runtime
imports: runtime.MemProfileRate = 1. A line in vimage.settings allows it:

	shared  runtime.MemProfileRate  each instance wants the same

With -slot label, time.Local is refused too: timers, which send times, run in no image there.

A committed build has one of each for all images. Vimagegen vet says where that matters.

# Sysctl

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

# Generate

Usage:

	vimagegen generate [-adopt] [-n] [-f] [-config LIST] [-C dir] [build flags] [packages]
	vimagegen generate -check [-f] [-config LIST] [-C dir] [build flags] [packages]
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
	-clean
		remove the generated files of the named packages, and the constraint.
	-f
		replace or remove generated files that were edited. Without it they are named, nothing
		is written, and the exit is 1.

Vimagegen build, run, test and report rewrite an adopted package from its author's files, as any other.
They leave the tag vimage out if the build flags set it, except for -mode plain.

Importers of a package are not known. They may assign its exported variables, so these are virtual;
//vimage:shared REASON keeps one for all images. An importer that is not adopted says *pkg.V_X() for
pkg.X: the function V_X returns X's address in both builds. Packages that are not adopted, the standard library
included, have one of each variable: generate names the variables of other modules that change.
An initialiser or init function that registers in the standard library (flag.Bool, http.Handle) runs
once, for image 0, and is named with its place.

Refused are variables with a second name by go:linkname, variables whose type the package cannot
name, files that import "C" and mention virtual variables, files that no configuration builds if they
may mention virtual variables, and files whose text would depend on the configuration. Packages in which something is refused
are exit 3; packages that do not type-check, and those of other modules, are exit 2.

# Vet

Usage:

	vimagegen vet [-baseline FILE [-write-baseline]] [-new-from REV] [-sarif FILE] [-json] [-fix]
		[analyzer flags] [build flags] [packages]

Vet reports what stands in the way of images, and exits 1 if there is something. It has go vet run
the analyzers over the packages and their tests, so that the go command's cache and its parallel work
serve: what did not change is not looked at again. Findings are printed as go vet prints them,
sorted, with the rule at the end:

	file:line:column: message [analyzer/rule]

The flags of its own:

	-baseline FILE
		leave out the findings that FILE knows, by rule, package and the declaration that they
		are about, wherever it stands. Entries that nothing matches any more are told on the
		standard error, if their analyzer and package were looked at; they do not change the
		exit. The environment variable VIMAGE_BASELINE names a file, by its absolute path, where
		the flag does not.
	-write-baseline
		write FILE: all that is found now, and what it knows of packages and analyzers that
		were not looked at. Nothing is printed.
	-new-from REV
		report only what stands on lines that changed since a git revision, committed or not,
		and in files that git does not know yet. For a branch, that is
		-new-from $(git merge-base origin/main HEAD).
	-sarif FILE
		write what is reported in SARIF 2.1.0 too, with paths from the repository's root.
	-json
		print what is reported, and stale entries, as one JSON object. The exit is the same.
	-fix
		apply the first fix of what would be reported, and report what is left. Fixes that meet
		are left for the next time. Files that cgo reads are not fixed.
	-collisions, -crossing, -globals, -nolint
		run these analyzers alone; with =false, all but these.

A baseline, a revision or settings that make no sense, and packages that cannot be found, are exit
2; code that does not compile is exit 1, as with go vet. Then nothing is written.

The analyzers are:

	collisions    names that collide when variables become fields
	crossing      what carries state from one image to another
	globals       package-level variables that change
	nolint        comments that silence findings and do not say why

Vimagegen help ANALYZER lists an analyzer's rules; vimagegen help ANALYZER/RULE explains one, with an
example before and after. The name of the rule alone is enough where no other topic has it.

A comment silences findings on its line, in the statement or declaration that begins there, or in
the one below it. It must say why; NAME is an analyzer's, several with commas, or vimage for all:

	//nolint:NAME // why

Findings in generated files, in the standard library and in modules at a version are not reported.

The object that -json prints:

	version     1
	findings    sorted by file, line and column; each with
		rule                  analyzer/rule
		package               import path; that of an external test ends in _test
		object                what it is about: a declaration, T.Method, or a file
		file                  as seen from the working directory, with slashes
		line, column          from 1, columns in bytes; endLine, endColumn likewise: the
		                      place behind its end, or the same place
		message
		related               places: file, line, column, endLine, endColumn, message
		fixes                 message, and edits: file, start and end (bytes), new
	stale       entries of the baseline: rule, package, object, and line in it

# Vettool

Usage:

	go vet -vettool=$(go tool -n vimagegen) [-json] [-fix] [analyzer flags] [build flags] [packages]

Vimagegen is a vettool of the go command's as well. Then go vet prints, fixes and exits; suppression
is the same, and of vimagegen vet's flags only the baseline is available, by VIMAGE_BASELINE. The flag
-related goes with -json: findings then keep their related places, and messages have no rule's name. What the go command
keeps of results goes by the settings (vimage.settings) of the modules that lie in folders of yours
and by that baseline: it never goes stale, and a change of one of them has every package looked
at again, which vimagegen vet -baseline has not.

For golangci-lint there is a plugin in the folder golangci. For Bazel's nogo each analyzer's package
exports the variable Analyzer:

	nogo(
		name = "nogo",
		deps = [
			"@com_github_go_vimage_vimage//analyzers/collisions",
			"@com_github_go_vimage_vimage//analyzers/crossing",
			"@com_github_go_vimage_vimage//analyzers/globals",
			"@com_github_go_vimage_vimage//analyzers/nolint",
		],
		visibility = ["//visibility:public"],
	)

Nogo has no facts about the standard library. What its functions do to what they are given is unknown then, but for
package sync, sync/atomic's functions and the like, and fewer variables are seen to change than go vet sees.

# Clean

Usage:

	vimagegen clean

Clean removes the cache. See vimagegen help cache.

# Version

Usage:

	vimagegen version

Version prints the version of vimagegen, and of the toolchain and the platform it was built with.

# Exit

The exit statuses of vimagegen:

	0    success
	1    findings; or the program, its build or its tests failed, as with the go command
	2    bad usage, or words about variables or a file of vet's that make no sense
	3    something was refused: it cannot be virtualised with its meaning kept
	4    a fault of vimagegen, or it could not do its work

A program that the go command builds as it is, and that does not build with images, is a fault of
vimagegen.

# Words

A word above a declaration says what becomes of a variable, or of a group of them:

	//vimage:shared REASON    one for all images
	//vimage:virtual          each image has its own
	//vimage:pcpustat         each image has its own, and of that each P: counters, which are
	                          summed when they are read; see package runtime/pcpu
	//vimage:sysctl ...       see vimagegen help sysctl

A word above a function func() or func() error has it called in every image:

	//vimage:sysinit SUBSYSTEM ORDER      when all packages are started, before main: the lower
	                                      SUBSYSTEM first, of one SUBSYSTEM the lower ORDER. An error
	                                      ends the creation of the image
	//vimage:sysuninit SUBSYSTEM ORDER    when the image closes, the other way round

Both are numbers up to 0xfffffff, or names: of subsystems first (0), tunables (0x1000000), locks
(0x2000000), memory, events, drivers, interfaces, protocols, services (0x8000000), last; of orders
first (0), second, third, fourth (3), middle (0x1000000), any. Functions of the same stage run in
the order in which their packages are initialised. A plain build does not call them.

For packages that are not yours the same words stand in the file vimage.settings, in the main
module's root or beside go.work, a line each:

	shared  github.com/some/pkg.Table   never written after start-up
	virtual github.com/some/pkg.Cache
	shared  github.com/some/pkg.C       its C variables are constants in truth
	shared  github.com/some/pkg.TEXT    all images may share the functions that it patches
	shared  syscall.Exec                a restart is one of all images (vimagegen help process)

A line that begins with # is a comment. A directive of another name, one that stands elsewhere,
shared without a reason, two words that contradict each other, and a name in the file that no file
of its package declares, are reported with their places, and nothing is built.

# Schema

Report -json prints one object:

	version      1; raised when a field changes its meaning or goes. Fields may be added without
	fate         the fate that the list is limited to by -fate
	roots        import paths of the packages that were named
	tests        whether tests are part of the program
	word_bytes   size of a pointer on the platform that the sizes are for
	totals       counts of all listed packages, and standard_image_bytes: bytes that an image has
	             of standard packages that are not listed
	packages     by path: path, module, version, standard, and counts
	variables    by package, file and position

Counts are variables, virtual, shared, refused, and image_bytes: the bytes that each image has of
them, padding included, what they refer to not.

A variable has:

	package, name   its full name is package.name
	kind            "go", or "c" for a variable of C code, of which only the place and reason are known
	type, size      its type as its package spells it, and bytes
	fate            "virtual", "shared" or "refused"
	start           of a virtual one: "replay", its initialiser runs in every image; or "template",
	                an image's begins as a copy of the process's
	test            true if a test file declares it
	place           where it is declared
	reason          one line
	chain           the steps of the reason, from the fate to its cause: text and place
	writes          who writes it: place, function, package, and how: "assigned", "through" (what it
	                refers to changes) or "address" (who has the address may write)
	reads           who reads it: place, function, package

A place has module, version, file (in the module), line and column. The standard library is the
module std. Function is "F", "T.M" or "(*T).M". What is false, zero or unknown may be absent.

# Debug

Delve, with the g slot. Build without optimisation and start the file under dlv; what follows -- is
the program's. A binary that vimagegen build made without -launch is started without -vimage.n.

	go install github.com/go-delve/delve/cmd/dlv@latest
	vimagegen build -launch -gcflags='all=-N -l' -o shop .
	dlv exec ./shop -- -vimage.n=3 -port 80{image}

Files and lines are the author's. The image of a goroutine is a field of the runtime's g. Stop in
image 2 alone, and print the image at each call of a function:

	(dlv) break main.sell
	(dlv) condition 1 runtime.curg.vnet.ID == 2
	(dlv) continue
	(dlv) print runtime.curg.vnet.Name
	(dlv) trace main.sell
	(dlv) on 2 print runtime.curg.vnet.ID

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

Profiles have a label vimage with the image's name, in both slots. The debug pages serve them:

	vimagegen run -n 3 -debug=localhost:6060 .
	go tool pprof -tags 'http://localhost:6060/debug/vimage/profile?seconds=5'
	go tool pprof -top -tagfocus='vimage=^2$' PROFILE
	go tool pprof -http=: -tagroot=vimage PROFILE
	go tool pprof -tags http://localhost:6060/debug/vimage/goroutine

-tags prints each image's share of the CPU, or of the goroutines, -tagfocus the functions of image 2;
with -tagroot the flame graph has the images at its root.

# Slot

The current image of a goroutine is kept in one of two places:

	g        a field of the runtime's own record of the goroutine, added at build time
	label    the goroutine's profiler labels

In both, CPU and goroutine profiles tell the image of each sample by the label vimage:

	go tool pprof -tagfocus='vimage=^NAME$' PROFILE

With g, reading it costs one load; it is the default. Where the toolchain's runtime is not as
expected, label is taken instead, and one line says so.

# Process

A process has one working directory, one garbage collector, one end. For what a program reaches of that kind, by a
function of the standard library or of golang.org/x/sys, the table below says what images do with it:

	image      each image has its own: the function does to it what it does to a process
	shared     all images have one: vimagegen run with -n above 1 names the first place that the program can reach
	refused    one image would end or replace all: vimagegen run with -n above 1 refuses the program

A line of vimage.settings, `shared os.Chdir REASON`, takes a function's note or refusal back.

A binary from vimagegen build starts in image 0, which does to the process what the plain program does. If the program
calls vimage.New, build names what its images would share, what run would refuse included; else it reports nothing.

A write to standard output or standard error that nothing reads any more (head has ended) raises SIGPIPE on Unix. In an
image it ends that image, with status 141. In image 0, under run with one image, and where any image handles SIGPIPE or
ignores it, the process gets the signal as in the plain program.

Standard descriptors (0, 1 and 2) are looked up by image on the way to the kernel, on Linux: an image that closes or
replaces one (os.Stdout.Close, syscall.Dup2(fd, 2)) does it to itself. Three ways lead past the lookup: poll and select
see the process's descriptors, so does C, and so do the paths /dev/stdout and /proc/self/fd. On other
platforms an image has files of its own over duplicates of the descriptors, and the numbers are the process's.

A thread on which Go called C keeps the image that called. On a thread that C created, an exported function runs in
image 0 in what vimagegen build makes, in the only image under vimagegen run -n 1 and in tests, and in no image under
vimagegen run with -n above 1: use of virtual state then panics with the function's name, and run names such functions
beforehand. C calls back into an image by a function that vimage.Bind tied to it:

	h := cgo.NewHandle(vimage.Bind(tick))
	C.start(C.uintptr_t(h))

	//export goTick
	func goTick(h C.uintptr_t) { cgo.Handle(h).Value().(func())() }

# Cache

Rewritten files, and copies of those modules of the module cache that have one, are kept in
vimage in the user's cache directory, or in VIMAGECACHE if that is set. Their names are made of
their contents, so that unchanged input builds nothing again; programs and runs share them. What
has not been used for ten days is removed. Nothing needs the cache to persist.
*/
package main
