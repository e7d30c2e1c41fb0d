//go:build !linux

package fds

import "runtime"

// vnetFork is called at the head of forkExec. Here an image's descriptors are
// the kernel's.
func vnetFork(attr *ProcAttr) (*ProcAttr, *runtime.VnetImage) { return attr, runtime.VnetCurrent() }
