//go:build !linux

package vdso

import "github.com/go-vimage/vimage/runtime/vdso/internal/counter"

// unusable returns why the counter must not be used, "" if it may.
func unusable() string { return counter.Why() }
