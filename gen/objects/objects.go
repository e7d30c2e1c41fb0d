package objects

// Config says where and how the go command runs.
type Config struct {
	Go    string // the go command, if not the one that is found in PATH
	Dir   string
	Env   []string
	Flags []string            // build flags
	Trace func(args []string) // shown every go command before it runs; nil for none
}
