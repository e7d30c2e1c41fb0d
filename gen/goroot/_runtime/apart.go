package signal

import "runtime"

// vnetApart starts f, which serves the whole process, outside of whichever
// image happens to be the first to need it.
func vnetApart(f func()) {
	defer runtime.VnetSwap(runtime.VnetSwap(runtime.VnetZero()))
	go f()
}
