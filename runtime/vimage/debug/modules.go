package debug

import (
	"runtime/debug"
	"strings"
)

// modules are those that the program was built of, by path; true for its own.
type modules map[string]bool

// readModules takes them from the binary's build information. Of a workspace
// all modules are the program's own.
func readModules() modules {
	m := modules{}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return m
	}
	for _, d := range info.Deps {
		m[d.Path] = d.Version == "(devel)"
	}
	m[info.Main.Path] = true
	return m
}

// std reports whether a function, as profiles name it, is of no module.
func (m modules) std(function string) bool {
	slash := strings.LastIndexByte(function, '/') + 1
	if generic := strings.IndexByte(function, '['); generic >= 0 && slash > generic {
		slash = strings.LastIndexByte(function[:generic], '/') + 1
	}
	last, _, _ := strings.Cut(function[slash:], ".")
	// A dot in a path's last element is escaped in names of functions.
	module, own := m.of(strings.ReplaceAll(function[:slash]+last, "%2e", "."))
	return module == "" && !own
}

// of returns the module that a package is of, "" if that is not known, and
// whether it is the program's own. Files given to go build are a package of no
// module, which is the program's own too.
func (m modules) of(path string) (module string, own bool) {
	if path == "command-line-arguments" || path == "main" {
		return "", true
	}
	for module = path; module != ""; {
		if own, ok := m[module]; ok {
			return module, own
		}
		i := strings.LastIndexByte(module, '/')
		module = module[:max(i, 0)]
	}
	return "", false
}
