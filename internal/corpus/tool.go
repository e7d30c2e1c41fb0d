package corpus

// Tool is the vimagegen under test.
type Tool struct {
	Command string
	Slot    string // passed as -slot; "" leaves it to the tool
}

func (t Tool) command(verb string, args ...string) []string {
	cmd := []string{t.Command, verb}
	if t.Slot != "" {
		cmd = append(cmd, "-slot="+t.Slot)
	}
	return append(cmd, args...)
}
