package page

// A Step is a step of a protocol: see the package's documentation.
type Step string

// The steps of a publication.
const (
	StepClear  Step = "clear"
	StepFill   Step = "fill"
	StepNumber Step = "number"
	StepPoint  Step = "point"
	StepLive   Step = "live"
)

// The steps of a consistent read.
const (
	StepCurrent  Step = "current"
	StepCopy     Step = "copy"
	StepNumbered Step = "numbered"
)

// The steps of a page's life.
const (
	StepLock    Step = "lock"
	StepTemp    Step = "temp"
	StepWrite   Step = "write"
	StepMap     Step = "map"
	StepRename  Step = "rename"
	StepMark    Step = "mark"
	StepBeat    Step = "beat"
	StepAbandon Step = "abandon"
	StepUnlink  Step = "unlink"
)

// A hook is called after each step of a publisher. Tests kill the process in
// it.
type hook func(Step)

func (h hook) at(s Step) {
	if h != nil {
		h(s)
	}
}
