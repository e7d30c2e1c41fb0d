//go:build !vimage_steps

package page

func (m *memory) step(Step) {}
