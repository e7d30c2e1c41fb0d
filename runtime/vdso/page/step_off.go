//go:build !vimage_steps

package page

// hooked says whether steps call a hook. Try asks it, because a call costs some
// of the compiler's budget for inlining even if it does nothing.
const hooked = false

func (m *memory) step(Step) {}
