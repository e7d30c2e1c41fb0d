// Package overlaycover makes go build -cover and go test -cover work with -overlay.
//
// The go command (1.26) hands its cover tool the paths of the author's files,
// not of the files that the overlay puts in their place: what is covered, and
// then compiled, is the author's text. As a -toolexec command, Main hands the
// tool the overlay's files.
//
// Coverage is of what the author wrote: our generated files are kept out of the
// counts, and so is the code that is added to the author's, which the rewriter
// marks. The tool is shown files in which a comment stands for each such piece,
// or a variable's declaration for what makes a function of an initialiser, and
// the pieces are put back into what it writes.
package overlaycover

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-vimage/vimage/analyzers/naming"
	"github.com/go-vimage/vimage/gen/workspace/toolexec"
)

// Generated is the first line of the files that are kept out of the counts.
const Generated = "// " + naming.Header

// Main runs a tool of the go command, as -toolexec asks for it, and returns its
// exit status. Its arguments are an overlay file, and the tool with its
// arguments.
func Main(args []string) int {
	if len(args) < 2 {
		fmt.Fprintln(os.Stderr, "overlaycover: want an overlay file and a tool")
		return 2
	}
	overlay, tool := args[0], args[1:]
	var hidden []hiding
	if i := coverTool(tool); i >= 0 {
		files, h, err := coverArgs(overlay, tool[i+1:])
		if err != nil {
			fmt.Fprintln(os.Stderr, "overlaycover:", err)
			return 1
		}
		tool, hidden = append(slices.Clone(tool[:i+1]), files...), h
	}
	if status := toolexec.Run("overlaycover", tool); status != 0 {
		return status
	}
	for _, h := range hidden {
		if err := h.restore(); err != nil {
			fmt.Fprintln(os.Stderr, "overlaycover:", err)
			return 1
		}
	}
	return 0
}

// coverTool returns where in a command line the go command calls its cover tool
// on a package, or -1. It is not always first: the user may have a -toolexec
// too.
func coverTool(args []string) int {
	for i, arg := range args {
		if strings.TrimSuffix(filepath.Base(arg), ".exe") == "cover" && slices.Contains(args[i:], "-outfilelist") {
			return i
		}
	}
	return -1
}

// coverArgs returns the cover tool's arguments with the overlay's files as its
// input.
func coverArgs(overlay string, args []string) ([]string, []hiding, error) {
	var hidden []hiding
	data, err := os.ReadFile(overlay)
	if err != nil {
		return nil, nil, err
	}
	var o struct{ Replace map[string]string }
	if err := json.Unmarshal(data, &o); err != nil {
		return nil, nil, err
	}
	list := slices.Index(args, "-outfilelist")
	if list+1 >= len(args) {
		return nil, nil, errors.New("-outfilelist without a value")
	}
	out, err := os.ReadFile(args[list+1])
	if err != nil {
		return nil, nil, err
	}
	// The list names the file of the counters and then one file for each input.
	// The inputs are the last arguments.
	outfiles := strings.Split(strings.TrimSpace(string(out)), "\n")
	first := len(args) - (len(outfiles) - 1)
	if first <= list+1 {
		return nil, nil, errors.New("the cover tool's arguments are not as Go 1.26 writes them")
	}
	infiles, kept := args[first:], outfiles[:1:1]
	args = slices.Clone(args[:first])
	for i, file := range infiles {
		if actual := o.Replace[file]; actual != "" {
			file = actual
		}
		content, err := os.ReadFile(file)
		if err != nil {
			return nil, nil, err
		}
		if last := i == len(infiles)-1; isGenerated(content) && !(last && len(kept) == 1) { // it wants one
			// As the tool does with its output; the compiler is told what to
			// call this path.
			content = append([]byte("//line "+file+":1:1\n"), content...)
			if err := os.WriteFile(outfiles[i+1], content, 0o666); err != nil {
				return nil, nil, err
			}
			continue
		}
		h, err := hide(file, outfiles[i+1], content)
		if err != nil {
			return nil, nil, err
		}
		if h != nil {
			hidden = append(hidden, *h)
			file = h.shown
		}
		args, kept = append(args, file), append(kept, outfiles[i+1])
	}
	return args, hidden, os.WriteFile(args[list+1], []byte(strings.Join(kept, "\n")+"\n"), 0o666)
}

// isGenerated looks at the first lines: a //line directive may stand before the
// header.
func isGenerated(content []byte) bool {
	for range 3 {
		line, rest, _ := bytes.Cut(content, []byte("\n"))
		if string(line) == Generated {
			return true
		}
		content = rest
	}
	return false
}
