package alias

// A Step is a step of a call or of a transition: see the package's
// documentation.
type Step string

// The steps of a call.
const (
	StepRead   Step = "read"
	StepEnter  Step = "enter"
	StepReread Step = "reread"
	StepLeave  Step = "leave"
)

// The steps of transitions. StepStore is the store of one link, in StepRelink,
// StepLink and StepRestore.
const (
	StepCheck   Step = "check"
	StepInit    Step = "init"
	StepLink    Step = "link"
	StepStore   Step = "store"
	StepCatch   Step = "catch"
	StepRelink  Step = "relink"
	StepExits   Step = "exits"
	StepEntries Step = "entries"
	StepWait    Step = "wait"
	StepFini    Step = "fini"
	StepDone    Step = "done"
	StepRestore Step = "restore"
	StepUncatch Step = "uncatch"
)

// A hook is called after each step, with the layer that the step is about if it
// is one of a call. There are hooks in builds with -tags vimage_steps alone: a
// call of a slot should not pay for them.
type hook struct{ after func(Step, *Layer) }

func (h *hook) at(s Step, l *Layer) {
	if stepping && h != nil {
		h.after(s, l)
	}
}
