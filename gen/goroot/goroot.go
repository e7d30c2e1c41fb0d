package goroot

import (
	"cmp"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"github.com/go-vimage/vimage"
	"github.com/go-vimage/vimage/analyzers/naming"
)

// Slots of the current image.
const (
	SlotG     = "g"     // a field of the runtime's g
	SlotLabel = "label" // a profiler label
)

// Options say what to lay over what.
type Options struct {
	GOROOT string // the directory
	Slot   string // SlotG, which is also the default, or SlotLabel
	Debug  bool   // with the debug pages, at DebugPath
	Watch  bool   // the runtime tells of its tables; not for the program that is planned, whose pools would be seen to escape
	Check  bool   // test binaries look at the end whether images are isolated,
	Diff   bool   // and whether the second one has changed,
	Strict bool   // also by variables that are shared by the user's word
	Apart  bool   // test binaries run each test in an image of its own, if the linker says so
}

// Result is a base overlay.
type Result struct {
	Files map[string][]byte // content by absolute path
	Slot  string            // the slot taken
	Note  string            // one line on what could not be had, or empty

	edits *slotEdits
}

// slotEdits are the edits of one slot, in all builds.
type slotEdits struct {
	tree          *tree
	slot, note    string
	checks, apart error // why test binaries cannot do what Options.Check and Apart ask for
}

//go:embed _runtime/*.go
var primitives embed.FS

// The import paths of runtime/vimage in its two homes, and of its core.
const (
	moduleRoot = "github.com/go-vimage/vimage/"
	sourceDir  = "runtime/vimage" // below the module's root
	modulePath = moduleRoot + sourceDir
	corePath   = "/internal/core"
)

// isolationPath is the import path of runtime/vimage/isolation as a standard
// package. Its folder has to exist in GOROOT: see [naming.StdPath].
const isolationPath = "testing/internal"

// testsPath is that of runtime/vimage/imagetest.
const testsPath = "internal/types"

// DebugPath is the import path of runtime/vimage/debug as a standard package,
// and the packages that it needs are below it. Unlike the others this has no
// folder in GOROOT, which is in order since go vet never looks at a build with
// it.
const DebugPath = "debug/vimage"

// debugHomes are the import paths, by folder of the embedded sources.
func debugHomes() map[string]string {
	homes := map[string]string{"runtime/pcpu": DebugPath + "/pcpu"}
	for _, root := range []struct{ dir, home string }{
		{sourceDir + "/debug", DebugPath}, {sourceDir + "/sysctl", DebugPath + "/sysctl"},
	} {
		_ = fs.WalkDir(vimage.Runtime, root.dir, func(dir string, d fs.DirEntry, err error) error { // which never fails
			if err == nil && d.IsDir() && dir != debugPage && d.Name() != "testdata" {
				homes[dir] = root.home + strings.TrimPrefix(dir, root.dir)
			}
			return err
		})
	}
	return homes
}

// debugPage is the folder with what the debug pages embed.
const debugPage = sourceDir + "/debug/page"

// coreDir is where the core's sources are among the embedded ones.
const coreDir = sourceDir + corePath

// Overlay makes the base overlay. Equal options and equal sources give equal
// results.
func Overlay(opts Options) (*Result, error) {
	e, err := editSlot(opts)
	if err != nil {
		return nil, err
	}
	return e.overlay(opts)
}

// With returns the overlay for other options, of the same GOROOT and slot.
func (r *Result) With(opts Options) (*Result, error) { return r.edits.overlay(opts) }

// editSlot finds the anchors and makes the edits.
func editSlot(opts Options) (*slotEdits, error) {
	slot := opts.Slot
	if slot == "" {
		slot = SlotG
	}
	var note string
	t := newTree(filepath.Join(opts.GOROOT, "src"))
	if err := errors.Join(t.apply(common), t.apply(descriptors), t.apply(views)); err != nil {
		return nil, fmt.Errorf("this Go release is not supported: %s", oneLine(err))
	}
	switch slot {
	case SlotG:
		// On a tree of its own, so that a missing anchor leaves no half of the
		// edits.
		withG := t.clone()
		err := errors.Join(withG.apply(gSlot), withG.apply(carriers))
		if err == nil {
			t = withG
			withTags := t.clone()
			if err := withTags.apply(tags); err == nil {
				t = withTags
			} else {
				note = "profiles do not tell images apart with this Go release: " + oneLine(err)
			}
			withClocks := t.clone()
			if err := withClocks.apply(clocks); err == nil {
				t = withClocks
			} else if note == "" {
				note = "images have no clocks in package time with this Go release: " + oneLine(err)
			}
			withDeadlocks := t.clone()
			if err := withDeadlocks.apply(deadlocks); err == nil {
				t = withDeadlocks
			} else if note == "" {
				note = "deadlocks of images are not found with this Go release: " + oneLine(err)
			}
			break
		}
		slot = SlotLabel
		note = "the g slot is not to be had with this Go release, taking the label slot: " + oneLine(err)
		fallthrough
	case SlotLabel:
		if err := t.apply(labelSlot); err != nil {
			return nil, fmt.Errorf("this Go release is not supported: %s", oneLine(err))
		}
		withBirths := t.clone()
		if err := withBirths.apply(births); err == nil {
			t = withBirths // else an image's end stops the world
		}
		withCarriers := t.clone()
		if err := withCarriers.apply(carriers); err == nil {
			t = withCarriers
		} else if note == "" {
			note = "finalizers and cleanups run in no image with this Go release: " + oneLine(err)
		}
	default:
		return nil, fmt.Errorf("slot %q: want %s or %s", opts.Slot, SlotG, SlotLabel)
	}

	withShown := t.clone()
	if err := withShown.apply(shown); err == nil {
		t = withShown
	} else if note == "" {
		note = "functions are shown by generated names with this Go release: " + oneLine(err)
	}
	withRights := t.clone()
	if err := withRights.apply(rights); err == nil {
		t = withRights
	} else {
		note = strings.TrimPrefix(note+"; variables whose addresses finalizers, cgo or testing/synctest get count as memory of the heap"+
			" with this Go release: "+oneLine(err), "; ")
	}

	e := &slotEdits{slot: slot, note: note}
	withChecks := t.clone() // whether or not a check is asked for, so that the program is the same
	if e.checks = withChecks.apply(checks); e.checks == nil {
		t = withChecks
	}
	for _, anchors := range [][]anchor{apart, wide} { // as checks
		with := t.clone()
		if err := with.apply(anchors); err == nil {
			t = with
		} else {
			e.apart = cmp.Or(e.apart, err)
		}
	}
	e.tree = t
	return e, nil
}

// overlay adds the files that the options ask for.
func (e *slotEdits) overlay(opts Options) (*Result, error) {
	slot, t := e.slot, e.tree.clone()
	switch {
	case opts.Check && e.checks != nil:
		return nil, fmt.Errorf("this Go release is not supported with -check-isolation: %s", oneLine(e.checks))
	case opts.Apart && slot != SlotG:
		return nil, errors.New(strings.TrimPrefix(e.note+": -isolate=test needs the g slot", ": "))
	case opts.Apart && e.apart != nil:
		return nil, fmt.Errorf("this Go release is not supported with -isolate=test: %s", oneLine(e.apart))
	}
	if opts.Watch {
		_ = t.apply(tables) // else they are not known
	}
	files := t.edited()
	add := func(name string, content []byte, err error) error {
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		files[filepath.Join(t.src, filepath.FromSlash(name))] = content
		return nil
	}
	var errs []error
	for _, part := range parts(slot, t, opts) {
		content, err := part.content()
		errs = append(errs, add(part.name, content, err))
	}
	homes := map[string]string{sourceDir: naming.StdPath}
	if opts.Check {
		homes[sourceDir+"/isolation"] = isolationPath
	}
	if opts.Apart {
		homes[sourceDir+"/imagetest"] = testsPath
	}
	if opts.Debug {
		maps.Copy(homes, debugHomes())
		entries, err := fs.ReadDir(vimage.Runtime, debugPage)
		errs = append(errs, err)
		for _, e := range entries {
			content, err := fs.ReadFile(vimage.Runtime, debugPage+"/"+e.Name())
			errs = append(errs, add(DebugPath+"/page/"+e.Name(), content, err))
		}
	}
	for _, dir := range slices.Sorted(maps.Keys(homes)) {
		own, err := runtimeFiles(dir)
		errs = append(errs, err)
		for _, name := range own {
			content, err := moved(name)
			if base := path.Base(name); err == nil && hides(base) {
				content, err = Hide(content)
			}
			errs = append(errs, add(homes[dir]+"/vimage_"+path.Base(name), content, err))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return &Result{Files: files, Slot: slot, Note: e.note, edits: e}, nil
}

// hides reports whether stack traces leave the functions of a file of
// runtime/vimage out: those that stand between the runtime and the program.
func hides(file string) bool {
	return slices.Contains([]string{"deadlock.go", "do.go", "launch.go", "startup.go", "testimage.go"}, file)
}

// A part is a file added to an existing package.
type part struct {
	name    string // below GOROOT/src
	content func() ([]byte, error)
}

// parts are the files added for a slot.
func parts(slot string, t *tree, opts Options) []part {
	core := func(name string) func() ([]byte, error) {
		return func() ([]byte, error) { return renamed(vimage.Runtime, coreDir+"/"+name, "runtime") }
	}
	prim := func(name, pkg string) func() ([]byte, error) {
		return func() ([]byte, error) { return renamed(primitives, "_runtime/"+name, pkg) }
	}
	list := []part{
		{"runtime/vnet_core.go", core("core.go")},
		{"runtime/vnet_clock.go", core("clock.go")},
		{"runtime/vnet_debug_off.go", core("debug_off.go")},
		{"runtime/vnet_debug_on.go", core("debug_on.go")},
		{"runtime/vnet_enter.go", core("enter.go")},
		{"runtime/vnet_arrive.go", prim("foreign.go", "runtime")},
		{"runtime/vnet_foreign.go", core("foreign.go")},
		{"runtime/vnet_head.go", core("head.go")},
		{"runtime/vnet_fds.go", core("fds.go")},
		{"runtime/vnet_fdtable.go", prim("fds.go", "runtime")},
		{"runtime/vnet_image.go", core("image.go")},
		{"runtime/vnet_labels.go", core("labels.go")},
		{"runtime/vnet_ledger.go", core("ledger.go")},
		{"runtime/vnet_look.go", core("look.go")},
		{"runtime/vnet_module.go", hidden(core("module.go"))},
		{"runtime/vnet_sysinit.go", core("sysinit.go")},
		{"runtime/vnet_prim.go", prim("prim.go", "runtime")},
		{"runtime/vnet_panic.go", prim("panic.go", "runtime")},
		{"runtime/vnet_names.go", hidden(prim("names.go", "runtime"))},
		{"runtime/vnet_frames.go", func() ([]byte, error) { return frames(t) }},
		{"runtime/vnet_sigpipe.go", prim("sigpipe.go", "runtime")},
		{"runtime/vnet_views.go", prim("views.go", "runtime")},
		{"context/vnet_bind.go", hidden(prim("bind.go", "context"))},
		{"context/vnet_deadline.go", prim("deadline.go", "context")},
		{"os/signal/vnet_apart.go", prim("apart.go", "signal")},
		{"os/signal/vnet_cancel.go", prim("cancel.go", "signal")},
		{"os/signal/vnet_notify.go", prim("notify.go", "signal")},
		{"syscall/vnet_env.go", prim("env.go", "syscall")},
		{"syscall/vnet_fds_linux.go", prim("fds_syscall.go", "syscall")},
		{"syscall/vnet_cwd_linux.go", prim("fds_cwd.go", "syscall")},
		{"syscall/vnet_fdtable_linux.go", prim("fds_table.go", "syscall")},
		{"syscall/vnet_fdtable_linux_386.go", prim("fds_386.go", "syscall")},
		{"syscall/vnet_fdtable_linux_amd64.go", prim("fds_amd64.go", "syscall")},
		{"syscall/vnet_fdtable_linux_arm.go", prim("fds_arm.go", "syscall")},
		{"syscall/vnet_fdtable_generic_linux.go", prim("fds_generic.go", "syscall")},
		{"syscall/vnet_fdtable_others_linux.go", prim("fds_others.go", "syscall")},
		{"syscall/vnet_fdtable_old_linux.go", prim("fds_old.go", "syscall")},
		{"syscall/vnet_fork.go", prim("fork_other.go", "syscall")},
		{"internal/poll/vnet_pollfd.go", prim("pollfd.go", "poll")},
		{"internal/poll/vnet_pollfd_other.go", prim("pollfd_other.go", "poll")},
		{"time/vnet_bind.go", hidden(prim("bind.go", "time"))},
		{"os/vnet_exit.go", prim("exit.go", "os")},
	}
	if t.has(tables) {
		list = append(list, part{"runtime/vnet_tables.go", prim("tables.go", "runtime")}, part{"sync/vnet_pools.go", prim("pools.go", "sync")})
	} else {
		list = append(list, part{"runtime/vnet_tables.go", prim("notables.go", "runtime")})
	}
	if opts.Check {
		list = append(list, part{"testing/vnet_check.go", prim("check.go", "testing")}, part{"testing/vnet_asked.go", func() ([]byte, error) {
			return fmt.Appendf(nil, "package testing\n\nconst vnetDiff, vnetStrict = %t, %t\n", opts.Diff, opts.Strict), nil
		}})
	} else if !opts.Apart {
		list = append(list, part{"testing/vnet_enter.go", prim("enter.go", "testing")})
	}
	if opts.Apart {
		for _, name := range []string{"tests.go", "tests_run.go", "tests_count.go"} {
			list = append(list, part{"testing/vnet_" + name, hidden(prim(name, "testing"))})
		}
	} else if t.has(apart) {
		list = append(list, part{"testing/vnet_together.go", prim("together.go", "testing")})
	}
	if slot == SlotG {
		list = append(list,
			part{"runtime/vnet_slot.go", prim("slot_g.go", "runtime")})
		if t.has(deadlocks) {
			list = append(list, part{"runtime/vnet_deadlock.go", prim("deadlock.go", "runtime")})
		} else {
			list = append(list, part{"runtime/vnet_deadlock.go", prim("nodeadlock.go", "runtime")})
		}
		if t.has(tags) {
			list = append(list, part{"runtime/vnet_tag.go", prim("tag.go", "runtime")})
		} else {
			list = append(list, part{"runtime/vnet_tag.go", prim("untagged.go", "runtime")})
		}
	} else {
		list = append(list,
			part{"runtime/vnet_label.go", core("label.go")},
			part{"runtime/vnet_deadlock.go", prim("nodeadlock.go", "runtime")},
			part{"runtime/vnet_slot.go", prim("slot_label.go", "runtime")})
		if t.has(births) {
			list = append(list, part{"runtime/vnet_births.go", prim("births.go", "runtime")})
		} else {
			list = append(list, part{"runtime/vnet_births.go", prim("nobirths.go", "runtime")})
		}
	}
	if t.has(wide) {
		list = append(list, part{"syscall/vnet_wide.go", prim("wide.go", "syscall")})
	}
	if t.has(clocks) {
		list = append(list,
			part{"runtime/vnet_clocked.go", prim("clocked.go", "runtime")},
			part{"time/vnet_clock.go", prim("time.go", "time")},
			part{"internal/poll/vnet_until.go", prim("until.go", "poll")})
	} else {
		list = append(list, part{"runtime/vnet_clocked.go", prim("unclocked.go", "runtime")})
	}
	if t.has(rights) {
		list = append(list, part{"runtime/vnet_rights.go", prim("rights.go", "runtime")})
	}
	if t.has(carriers) {
		list = append(list, part{"runtime/vnet_carry.go", prim("carry.go", "runtime")})
	}
	return list
}

// runtimeFiles lists the Go files of a directory of the embedded runtime.
func runtimeFiles(dir string) ([]string, error) {
	entries, err := fs.ReadDir(vimage.Runtime, dir)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		ext := path.Ext(e.Name())
		if !e.IsDir() && (ext == ".go" || ext == ".s") && !strings.HasSuffix(e.Name(), "_test.go") {
			names = append(names, dir+"/"+e.Name())
		}
	}
	sort.Strings(names)
	return names, nil
}

func oneLine(err error) string { return strings.ReplaceAll(err.Error(), "\n", "; ") }
