package enter

import vimage "container"

// vnetEnter is called at the head of MainStart.
func vnetEnter() { vimage.EnterTest() }

// vnetCheck is called when M.Run has run what it was asked to.
func vnetCheck() bool { return false }
