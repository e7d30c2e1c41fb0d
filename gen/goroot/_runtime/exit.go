package exit

import "runtime"

// vnetExit is called at the head of Exit.
func vnetExit(code int) { runtime.VnetExit(code) }
