// Package vimage holds the sources of what generated code links against, so
// that the tool can lay them into a standard library. See cmd/vimagegen.
package vimage

import "embed"

// Runtime is the source of runtime/vimage and of what its debug pages need.
//
//go:embed runtime/vimage/argsfile.go
//go:embed runtime/vimage/available.go
//go:embed runtime/vimage/close.go
//go:embed runtime/vimage/crossing.go
//go:embed runtime/vimage/do.go
//go:embed runtime/vimage/doc.go
//go:embed runtime/vimage/exit.go
//go:embed runtime/vimage/files.go
//go:embed runtime/vimage/files_linux.go
//go:embed runtime/vimage/files_none.go
//go:embed runtime/vimage/files_other.go
//go:embed runtime/vimage/files_unix.go
//go:embed runtime/vimage/files_windows.go
//go:embed runtime/vimage/gate.go
//go:embed runtime/vimage/image.go
//go:embed runtime/vimage/late.go
//go:embed runtime/vimage/launch.go
//go:embed runtime/vimage/ledger.go
//go:embed runtime/vimage/look.go
//go:embed runtime/vimage/module.go
//go:embed runtime/vimage/new.go
//go:embed runtime/vimage/options.go
//go:embed runtime/vimage/panic.go
//go:embed runtime/vimage/place.go
//go:embed runtime/vimage/poison.go
//go:embed runtime/vimage/poison_off.go
//go:embed runtime/vimage/printer.go
//go:embed runtime/vimage/settings.go
//go:embed runtime/vimage/starterror.go
//go:embed runtime/vimage/startup.go
//go:embed runtime/vimage/undo.go
//go:embed runtime/vimage/internal/core/core.go
//go:embed runtime/vimage/internal/core/debug_off.go
//go:embed runtime/vimage/internal/core/debug_on.go
//go:embed runtime/vimage/internal/core/doc.go
//go:embed runtime/vimage/internal/core/enter.go
//go:embed runtime/vimage/internal/core/foreign.go
//go:embed runtime/vimage/internal/core/head.go
//go:embed runtime/vimage/internal/core/fds.go
//go:embed runtime/vimage/internal/core/image.go
//go:embed runtime/vimage/internal/core/label.go
//go:embed runtime/vimage/internal/core/labels.go
//go:embed runtime/vimage/internal/core/ledger.go
//go:embed runtime/vimage/internal/core/look.go
//go:embed runtime/vimage/internal/core/module.go
//go:embed runtime/vimage/internal/core/stock.go
//go:embed runtime/vimage/internal/core/sysinit.go
//go:embed runtime/vimage/isolation/carve.go
//go:embed runtime/vimage/isolation/check.go
//go:embed runtime/vimage/isolation/diff.go
//go:embed runtime/vimage/isolation/doc.go
//go:embed runtime/vimage/isolation/dump.go
//go:embed runtime/vimage/isolation/path.go
//go:embed runtime/vimage/isolation/value.go
//go:embed runtime/vimage/isolation/witness.go
//go:embed runtime/vimage/debug/*.go
//go:embed runtime/vimage/debug/internal/look/*.go
//go:embed runtime/vimage/debug/page
//go:embed runtime/vimage/sysctl/*.go
//go:embed runtime/vimage/sysctl/sysctlhttp/*.go
//go:embed runtime/pcpu/*.go
//go:embed runtime/pcpu/*.s
var Runtime embed.FS
