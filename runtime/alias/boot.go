package alias

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"
)

// Boot loads the modules that a text names, a line each, in this order: the
// first is the lowest. Blank lines and those that begin with # are skipped. It
// picks at the start of a program among the modules that were linked into it:
//
//	f, err := os.Open("/etc/server.modules")
//	...
//	err = alias.Boot(ctx, f)
//
// If one cannot be loaded, those before it are unloaded again, and the error
// names the line.
func Boot(ctx context.Context, text io.Reader) (err error) {
	var done []*Module
	defer func() {
		for i := len(done) - 1; err != nil && i >= 0; i-- {
			if undo := Unload(context.WithoutCancel(ctx), done[i]); undo != nil {
				err = fmt.Errorf("%w; and then: %w", err, undo)
			}
		}
	}()
	lines := bufio.NewScanner(text)
	for n := 1; lines.Scan(); n++ {
		name := strings.TrimSpace(lines.Text())
		if name == "" || name[0] == '#' {
			continue
		}
		m := Find(name)
		if m == nil {
			return fmt.Errorf("alias: line %d: no module %s is linked into the program, or the build links slots to their stubs",
				n, name)
		}
		if err := Load(ctx, m); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
		done = append(done, m)
	}
	return lines.Err()
}
