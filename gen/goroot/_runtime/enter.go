package enter

import "runtime/vimage"

// vnetEnter is called at the head of MainStart.
func vnetEnter() { vimage.EnterTest() }
