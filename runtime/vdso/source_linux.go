package vdso

import (
	"bytes"

	"github.com/go-vimage/vimage/runtime/vdso/internal/counter"
	"github.com/go-vimage/vimage/runtime/vdso/internal/sysfile"
)

// unusable returns why the counter must not be used now, "" if it may.
func unusable() string {
	if why := counter.Why(); why != "" {
		return why
	}
	b, err := sysfile.Read("/sys/devices/system/clocksource/clocksource0/current_clocksource")
	if err != nil {
		return "" // not shown in this container
	}
	if got := string(bytes.TrimSpace(b)); got != counter.Source {
		return "the kernel's clock source is " + got + ", not " + counter.Source
	}
	return ""
}
