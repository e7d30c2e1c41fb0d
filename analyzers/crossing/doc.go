// Package crossing defines an analyzer that finds code which carries state from
// one image to another, or loses the current image.
//
// # Analyzer crossing
//
// crossing: report what carries state between images, or loses the image
//
// Input: one package in SSA form, with package conduct's facts about it and its
// imports. Output: findings. Each message says what to do and in which builds
// it matters: builds that vimagegen drives carry the image to timers, contexts,
// finalizers and cleanups, and give each image its own of the standard
// library's variables that the program changes, except those that package
// stdstate calls otherwise; committed builds, on a stock toolchain, do neither.
//
// The registries are derived from the standard library's source: what a
// function keeps of its arguments in a package-level variable. What changes the
// process through the operating system cannot be derived; that is the table of
// package perprocess.
//
// Limits: calls through interfaces and function values are not followed. A line
// of vimage.settings counts for packages of the module that it is in. Package
// guards reads locks, with its limits. Test files are not checked for what
// concerns the process: a test binary is a process of its own.
//
// # shared-store
//
// A variable marked //vimage:shared receives something of the image that stores
// it: a value that is read from virtual state, or a reference from the caller.
//
// Before:
//
//	//vimage:shared one registry
//	var handlers = map[string]*Handler{}
//
//	func Register(name string, h *Handler) { handlers[name] = h }
//
// After: the registry is virtual too.
//
//	var handlers = map[string]*Handler{}
//
// # shared-pool
//
// A sync.Pool is marked shared, and its elements hold references: one image
// gets what another has put back.
//
// Before:
//
//	//vimage:shared a pool
//	var buffers = sync.Pool{New: func() any { return new(request) }}
//
// After: without the directive each image has its own pool.
//
//	var buffers = sync.Pool{New: func() any { return new(request) }}
//
// # shared-worker
//
// A goroutine takes functions from a channel that is shared, and runs them in
// the image that it was started in.
//
// Before:
//
//	go func() {
//		for f := range jobs {
//			f()
//		}
//	}()
//
// After: who sends binds the function to its image.
//
//	jobs <- vimage.Bind(f)
//
// # registry
//
// A function or a value with methods goes into a registry of the standard
// library. In a committed build all images share the registry; in a vimagegen
// build each has its own.
//
// Before:
//
//	http.HandleFunc("/stock", s.showStock)
//
// After: each image has a registry.
//
//	mux := http.NewServeMux()
//	mux.HandleFunc("/stock", s.showStock)
//
// # lost-image
//
// A function that uses virtual state is passed to a timer, a finalizer or the
// like. A committed build calls it without a current image.
//
// Before:
//
//	time.AfterFunc(d, refresh)
//
// After:
//
//	time.AfterFunc(d, vimage.Bind(refresh))
//
// # lock
//
// A virtual mutex guards shared data, so that two images get at it at the same
// time; or a shared mutex guards virtual data, so that images wait for each
// other.
//
// Before:
//
//	var mu sync.Mutex
//
//	//vimage:shared one table
//	var table = map[string]int{}
//
// After:
//
//	//vimage:shared guards table, which is shared
//	var mu sync.Mutex
//
// # std-variable
//
// The package assigns a variable of the standard library, or a part of what it
// refers to. In a committed build all images share the variable. In a vimagegen
// build each image has its own: vimagegen help std lists the exceptions.
//
// Before:
//
//	http.DefaultTransport = myTransport
//
// After:
//
//	client := &http.Client{Transport: myTransport}
//
// # process
//
// A call changes what the process has one of in some builds, or in all:
// environment, working directory, signals, limits. Package main may call
// signal.Notify and signal.NotifyContext: each image that does so receives the
// signal. Vimagegen help process lists what images share.
//
// Before:
//
//	os.Chdir(dir)
//	f, err := os.Open("config")
//
// After:
//
//	f, err := os.Open(filepath.Join(dir, "config"))
package crossing
