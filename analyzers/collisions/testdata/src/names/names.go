package names

import (
	vnet_names "fmt" // want `import vnet_names bears a name of the generated part of this package`
	"strings"

	"other"
)

var level int

var V_level = 2 // want `variable V_level bears the name that variable level takes in a nop build, which proves the rewriting: rename it`

// V_steady stands beside a variable that nothing changes.
var V_steady = "x"

const steady = 3

var vnet_names_cache = map[string]int{} // want `variable vnet_names_cache bears a name of the generated part`

type vnetpkg_sysctl struct{} // want `type vnetpkg_sysctl bears the name of the import in what vimagegen sysctl writes`

func INIT_VNET_NAMES() {} // want `function INIT_VNET_NAMES bears a name of the generated part`

// Set has locals and a parameter in the way.
func Set(vnet_other, n int) { // want `local variable vnet_other bears the name of the pointer to other's container`
	V_level := n // want `local variable V_level bears the name that variable level takes`
	level = V_level + vnet_other + len(vnet_names_cache)
	vnet_names.Println(other.Count, V_steady, steady, vnetpkg_sysctl{})
	if V_level := level; V_level > 0 { // want `local variable V_level bears`
		level--
	}
	vnet_names_cache["x"]++
	INIT_VNET_NAMES()
}

func typed(x any) string {
	switch vnet_names := x.(type) { // want `local variable vnet_names bears the name of the pointer to names's container`
	case string:
		return vnet_names
	}
	return ""
}

// Near is all right: other scopes, fields and methods, and names that only look alike.
func Near(s *state) int {
	V_level := 1 // nothing here mentions level
	vnet_strings := strings.Repeat("x", V_level)
	vnetpkg_local := len(vnet_strings)
	return vnetpkg_local + s.vnet_names + s.INIT_VNET_NAMES()
}

type state struct{ vnet_names int }

func (s *state) INIT_VNET_NAMES() int { return s.vnet_names }
