package enter

import vimage "container"

// vnetEnter is called at the head of MainStart.
func vnetEnter() { vimage.EnterTest() }
