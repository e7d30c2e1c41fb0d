package core

// VnetSysinits returns the sysinit functions of the modules listed up to a seq,
// in the order to run them in: by subsystem and order, then as packages are
// initialised and as they stand in the source.
func VnetSysinits(upTo uint64) []*VnetSysinit {
	vnetLock()
	var list []*VnetSysinit
	for _, m := range vnetModules {
		if m.seq <= upTo {
			list = m.sysinits(list, false)
		}
	}
	vnetUnlock()
	return vnetSort(list)
}

// VnetSysuninits returns the sysuninit functions of the modules that im has
// built, in the order to run them in: the reverse of VnetSysinits'.
func VnetSysuninits(im *VnetImage) []*VnetSysinit {
	vnetLock()
	var list []*VnetSysinit
	for _, m := range im.built {
		list = m.sysinits(list, true)
	}
	vnetUnlock()
	vnetSort(list)
	for i, j := 0, len(list)-1; i < j; i, j = i+1, j-1 {
		list[i], list[j] = list[j], list[i]
	}
	return list
}

func (m *VnetModule) sysinits(list []*VnetSysinit, undo bool) []*VnetSysinit {
	for i := range m.Sysinit {
		if s := &m.Sysinit[i]; s.Undo == undo {
			list = append(list, s)
		}
	}
	return list
}

// vnetSort sorts by insertion, which keeps those that are equal in order; the
// lists are short.
func vnetSort(list []*VnetSysinit) []*VnetSysinit {
	for i := 1; i < len(list); i++ {
		for j := i; j > 0 && list[j].Before(list[j-1]); j-- {
			list[j], list[j-1] = list[j-1], list[j]
		}
	}
	return list
}

// Run calls the function, in the current image.
func (s *VnetSysinit) Run() error {
	if s.Call != nil {
		s.Call()
		return nil
	}
	return s.Func()
}

// Before reports whether s runs before o when an image is created.
func (s *VnetSysinit) Before(o *VnetSysinit) bool {
	return s.Subsystem < o.Subsystem || s.Subsystem == o.Subsystem && s.Order < o.Order
}

// VnetBoot returns image 0's sysinit functions, which the caller is to run, and
// nothing when it was called before or starting is deferred.
func VnetBoot() []*VnetSysinit {
	vnetLock()
	first := !vnetBooted && !VnetDeferred()
	if first {
		vnetBooted = true
	}
	seq := vnetLastSeq
	vnetUnlock()
	if !first {
		return nil
	}
	return VnetSysinits(seq)
}

func vnetIsBooted() bool {
	vnetLock()
	b := vnetBooted
	vnetUnlock()
	return b
}

// VnetLate returns the sysinit functions of a module that comes when the
// image's have been run.
func VnetLate(m *VnetModule) []*VnetSysinit { return vnetSort(m.sysinits(nil, false)) }

func vnetSysinit(m *VnetModule) {
	for _, s := range VnetLate(m) {
		if err := s.Run(); err != nil {
			panic(&VnetSysinitError{s, err})
		}
	}
}

// VnetSysinitError says which function failed.
type VnetSysinitError struct {
	Of  *VnetSysinit
	Err error
}

func (e *VnetSysinitError) Error() string {
	return "vimage: sysinit function " + e.Of.Name + " (" + e.Of.Pos + "): " + e.Err.Error()
}

func (e *VnetSysinitError) Unwrap() error { return e.Err }
