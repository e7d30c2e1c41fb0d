//go:build vimage_steps

package page

const hooked = true

// step calls the memory's hook after a step of a consistent read, in builds
// with this tag alone: a read should not pay for it.
func (m *memory) step(s Step) {
	if m.readHook != nil {
		m.readHook(s)
	}
}
