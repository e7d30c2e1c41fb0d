package vimage

import (
	"errors"
	"os"
	"slices"
	"strconv"
	"strings"
)

// settings are what the user of a launched binary asks of Launch: by flags that
// begin with -vimage., in front of the program's own arguments, or by
// environment variables. A flag overrides its variable.
type settings struct {
	n             int  // images
	prefix        bool // each line of output begins with the image's name
	processPanics bool // an unrecovered panic ends the process
	failFast      bool // the first image that ends badly ends the process
	restart       bool // an image that ends badly is started again
	help          bool // print the flags, and start nothing

	debug    string // address of the debug pages, "" for none
	argsFile string
	lines    []imageLine // of argsFile, one for each image; nil without one
}

const flagPrefix = "-vimage."

// usage is what -vimage.help prints.
const usage = `This program was built by vimagegen build -launch: it starts N images of itself in one process.

  -vimage.n N                          how many images to start; by default 1, or as many as FILE has lines
  -vimage.args FILE                    for each image a line: KEY=VALUE of its environment, then its arguments
  -vimage.prefix                       put the image's number before each line that it prints
  -vimage.panic image|process          what an unrecovered panic ends; the image by default
  -vimage.fail-fast                    end the process when the first image ends badly
  -vimage.restart never|on-failure     start an image that ends badly again
  -vimage.debug ADDR                   serve /debug/vimage/ there, if built with -debug
  -vimage.help                         print this text

They come before the program's own arguments. The environment variables VIMAGE_N, VIMAGE_ARGS,
VIMAGE_PREFIX, VIMAGE_PANIC, VIMAGE_FAIL_FAST, VIMAGE_RESTART and VIMAGE_DEBUG mean the same.
`

// settingNames are the flags without -vimage., as -vimage.help lists them.
// Those of isSwitch need no value.
func settingNames() []string {
	return []string{"n", "args", "prefix", "panic", "fail-fast", "restart", "debug", "help"}
}

func isSwitch(name string) bool { return name == "prefix" || name == "fail-fast" || name == "help" }

// variableName is the environment variable of a flag.
func variableName(name string) string {
	return "VIMAGE_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
}

// readSettings reads the settings from the arguments of the process, its name
// apart, and from its environment. It returns the program's own arguments.
//
// It does not use package flag, whose state is the program's.
func readSettings(args []string, getenv func(string) string) (s settings, rest []string, err error) {
	s.n = 1
	given := map[string]bool{}
	for _, name := range settingNames() {
		if value := getenv(variableName(name)); value != "" && name != "help" {
			given[name] = true
			if err := s.set(name, value); err != nil {
				return s, nil, errors.New("environment variable " + variableName(name) + ": " + err.Error())
			}
		}
	}
	for len(args) > 0 && strings.HasPrefix(singleDash(args[0]), flagPrefix) {
		flag, value, hasValue := strings.Cut(singleDash(args[0]), "=")
		args = args[1:]
		name := flag[len(flagPrefix):]
		switch {
		case hasValue:
		case isSwitch(name):
			value = "true"
		case len(args) == 0 && slices.Contains(settingNames(), name):
			return s, nil, errors.New("flag " + flag + ": needs a value")
		case len(args) == 0: // set says that there is no such flag
		default:
			value, args = args[0], args[1:]
		}
		given[name] = true
		if err := s.set(name, value); err != nil {
			return s, nil, errors.New("flag " + flag + ": " + err.Error())
		}
	}
	if s.restart && s.failFast {
		return s, nil, errors.New("fail-fast and restart=on-failure cannot be used together")
	}
	if err := misplaced(args); err != nil {
		return s, nil, err
	}
	if s.argsFile == "" || s.help {
		return s, args, nil
	}
	if s.lines, err = readArgsFile(s.argsFile); err != nil {
		return s, nil, err
	}
	if given["n"] && s.n != len(s.lines) {
		return s, nil, errors.New(s.argsFile + " is for " + images(len(s.lines)) + ", and " + images(s.n) + " are asked for")
	}
	s.n = len(s.lines)
	return s, args, nil
}

// misplaced returns an error if one of the flags comes behind an argument of
// the program's own, which would not know it.
func misplaced(args []string) error {
	for _, arg := range args {
		if arg == "--" {
			return nil // what follows is for others
		}
		flag, _, _ := strings.Cut(singleDash(arg), "=")
		for _, name := range settingNames() {
			if flag == flagPrefix+name {
				return errors.New("flag " + flag + " must come before the program's own arguments")
			}
		}
	}
	return nil
}

func singleDash(arg string) string {
	if strings.HasPrefix(arg, "--") {
		return arg[1:]
	}
	return arg
}

// set sets one setting.
func (s *settings) set(name, value string) (err error) {
	flag := func() bool {
		b, bad := strconv.ParseBool(value)
		if bad != nil {
			err = errors.New("want true or false, not " + strconv.Quote(value))
		}
		return b
	}
	oneOf := func(off, on string) bool {
		if value != off && value != on {
			err = errors.New("want " + off + " or " + on + ", not " + strconv.Quote(value))
		}
		return value == on
	}
	switch name {
	case "n":
		n, bad := strconv.Atoi(value)
		if bad != nil || n < 1 {
			return errors.New("want a number of images, not " + strconv.Quote(value))
		}
		s.n = n
	case "args":
		if value == "" {
			return errors.New("want the name of a file")
		}
		s.argsFile = value
	case "prefix":
		s.prefix = flag()
	case "panic":
		s.processPanics = oneOf("image", "process")
	case "fail-fast":
		s.failFast = flag()
	case "restart":
		s.restart = oneOf("never", "on-failure")
	case "debug":
		s.debug = value
	case "help":
		s.help = flag()
	default:
		return errors.New("no such flag; see " + flagPrefix + "help")
	}
	return err
}

func images(n int) string {
	if n == 1 {
		return "1 image"
	}
	return strconv.Itoa(n) + " images"
}

// takeSettings reads the settings, takes them out of os.Args and the
// environment, which are the program's then, and ends the process if they make
// no sense or help is asked for.
func takeSettings() settings {
	s, rest, err := readSettings(os.Args[1:], os.Getenv)
	if err != nil {
		os.Stderr.WriteString("vimage: " + err.Error() + "\n")
		os.Exit(2)
	}
	if s.help {
		os.Stdout.WriteString(usage)
		os.Exit(0)
	}
	os.Args = append(os.Args[:1:1], rest...)
	for _, name := range settingNames() {
		os.Unsetenv(variableName(name))
	}
	return s
}
