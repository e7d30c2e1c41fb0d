//go:build vimage_debug

package core

// VnetDebug says that this is the debug build: see package vimage.
const VnetDebug = true
