//go:build vimage_steps

package alias

const stepping = true
