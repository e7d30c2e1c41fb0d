// Package quiet has nothing that goes into a container: no name is in the way.
package quiet

var limit = 10

// INIT_VNET_QUIET is the author's.
func INIT_VNET_QUIET() int { vnet_quiet := limit; return vnet_quiet }
