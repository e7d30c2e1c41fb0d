// Package tap is an Ethernet interface whose other end is Linux's: a TAP device.
//
// Input: the device's name, which is made if it is not there, and needs the right to
// do so (CAP_NET_ADMIN). Output: an interface. A goroutine reads frames from the
// device for as long as it is attached; Transmit writes them with Giant held, which
// does not wait, since the kernel takes frames at once or drops them.
package tap

//go:generate go tool vimagegen generate
