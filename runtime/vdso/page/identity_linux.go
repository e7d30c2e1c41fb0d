package page

import (
	"bytes"
	"encoding/hex"
	"strconv"
	"strings"
	"syscall"

	"github.com/go-vimage/vimage/runtime/vdso/internal/sysfile"
)

// own returns the identity of this process.
func own() identity {
	id := identity{pid: uint64(syscall.Getpid()), pidns: namespace("pid"), timens: namespace("time")}
	id.start, _ = startTime(strconv.Itoa(syscall.Getpid()))
	if text, err := sysfile.Read("/proc/sys/kernel/random/boot_id"); err == nil {
		b, _ := hex.DecodeString(strings.ReplaceAll(strings.TrimSpace(string(text)), "-", ""))
		copy(id.boot[:], b)
	}
	return id
}

// namespace returns the inode number of a namespace, 0 if it is unknown.
func namespace(kind string) uint64 {
	link := sysfile.Link("/proc/self/ns/" + kind) // such as pid:[4026531836]
	_, number, _ := strings.Cut(link, "[")
	n, _ := strconv.ParseUint(strings.TrimSuffix(number, "]"), 10, 64)
	return n
}

// startTime returns when a process started, in clock ticks after boot.
func startTime(pid string) (ticks uint64, err error) {
	text, err := sysfile.Read("/proc/" + pid + "/stat")
	if err != nil {
		return 0, err
	}
	// The second field, the command's name in parentheses, may have spaces.
	fields := bytes.Fields(text[bytes.LastIndexByte(text, ')')+1:])
	if len(fields) < 20 {
		return 0, syscall.EINVAL
	}
	if state := fields[0][0]; state == 'Z' || state == 'X' {
		return 0, syscall.ENOENT // dead, and not waited for by its parent
	}
	return strconv.ParseUint(string(fields[19]), 10, 64)
}

// gone reports whether the process with an identity is known to have ended.
func (id identity) gone(self identity) bool {
	if id.boot != self.boot {
		return true
	}
	if id.pidns != self.pidns || id.pidns == 0 {
		return false // its pid means nothing here
	}
	start, err := startTime(strconv.FormatUint(id.pid, 10))
	return err == syscall.ENOENT || err == syscall.ESRCH || err == nil && start != id.start
}
