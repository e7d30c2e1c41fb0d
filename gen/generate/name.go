package generate

import "strings"

// container is what names of files that no author's file stands for begin with.
const container = "zz_vnet"

// TwinName returns the base name of the vimage build of a Go file. The
// constraints that the go command derives from both names are the same.
func TwinName(base string) string {
	stem, ext := base, ""
	if dot := strings.IndexByte(base, '.'); dot >= 0 { // as go/build cuts it: x_linux.pb.go is for Linux
		stem, ext = base[:dot], base[dot:]
	}
	at := len(stem)
	// What precedes the first underscore is no constraint.
	first := strings.IndexByte(stem, '_')
	cut := func(known func(string) bool) {
		if i := strings.LastIndexByte(stem[:at], '_'); i >= first && first >= 0 && known(stem[i+1:at]) {
			at = i
		}
	}
	cut(func(s string) bool { return s == "test" })
	before := at
	cut(isArch)
	if at == before || strings.LastIndexByte(stem[:at], '_') >= first && first >= 0 {
		cut(isOS)
	}
	return stem[:at] + "_vimage" + stem[at:] + ext
}

func isOS(s string) bool {
	switch s {
	case "aix", "android", "darwin", "dragonfly", "freebsd", "hurd", "illumos", "ios", "js", "linux", "nacl", "netbsd",
		"openbsd", "plan9", "solaris", "wasip1", "windows", "zos":
		return true
	}
	return false
}

func isArch(s string) bool {
	switch s {
	case "386", "amd64", "amd64p32", "arm", "armbe", "arm64", "arm64be", "loong64", "mips", "mipsle", "mips64",
		"mips64le", "mips64p32", "mips64p32le", "ppc", "ppc64", "ppc64le", "riscv", "riscv64", "s390", "s390x",
		"sparc", "sparc64", "wasm":
		return true
	}
	return false
}
