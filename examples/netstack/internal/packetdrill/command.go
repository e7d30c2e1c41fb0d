package packetdrill

import (
	"io"
	"strconv"
	"strings"

	"github.com/go-vimage/vimage/examples/netstack/usr"
	"github.com/go-vimage/vimage/runtime/vimage"
	"github.com/go-vimage/vimage/runtime/vimage/sysctl"
)

// command takes a shell's commands in as far as they are settings of TCP.
func (r *runner) command(text string) error {
	text = strings.ReplaceAll(text, "\\\n", " ")
	for line := range strings.SplitSeq(strings.ReplaceAll(text, "\n", ";"), ";") {
		line, _, _ = strings.Cut(line, "#")
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		if err := r.shell(words); err != nil {
			return err
		}
	}
	return nil
}

func (r *runner) shell(words []string) error {
	switch cmd := words[0]; {
	case strings.HasSuffix(cmd, "common/defaults.sh"):
		return r.linuxDefaults()
	case strings.Contains(cmd, "sysctl_restore"):
		return nil
	case cmd == "sysctl", strings.HasSuffix(cmd, "set_sysctls.py"):
		for _, word := range words[1:] {
			name, value, ok := strings.Cut(word, "=")
			if !ok {
				continue // a flag
			}
			name = strings.ReplaceAll(strings.TrimPrefix(name, "/proc/sys/"), "/", ".")
			if err := r.setting(name, strings.Trim(value, `"`)); err != nil {
				return err
			}
		}
		return nil
	case cmd == "kldload" && len(words) == 2: // a module of the stack's
		if vimage.Available() != nil {
			return Unsupported{"modules, which a plain build does not have"}
		}
		if err := usr.Run(io.Discard, words...); err != nil {
			return err
		}
		r.undo = append([]func(){func() { _ = usr.Run(io.Discard, "kldunload", words[1]) }}, r.undo...)
		return nil
	case cmd == "synflood" && len(words) == 2: // by peers that answer nothing
		n, err := strconv.Atoi(words[1])
		if err != nil {
			return err
		}
		return r.flood(n)
	}
	return Unsupported{"the command " + strings.Join(words, " ")}
}

// linuxDefaults sets what the scripts of packetdrill's own folder take for granted: the
// largest window of Linux, an ACK for each segment, as Linux has it at a
// connection's beginning, and no restart of slow start after idle.
func (r *runner) linuxDefaults() error {
	for _, s := range [][2]string{{"recvspace", "15728640"}, {"sendspace", "4194304"}, {"delacktime", "0s"}, {"slowstart_after_idle", "false"}} {
		if err := r.set("net.inet.tcp."+s[0], s[1]); err != nil {
			return err
		}
	}
	return nil
}

// setting sets one of Linux's, or of this stack's.
func (r *runner) setting(name, value string) error {
	onOff := map[string]string{"0": "false", "1": "true"}[value]
	switch name {
	case "net.ipv4.tcp_congestion_control":
		if value == "reno" {
			value = "newreno"
		}
		return r.set("net.inet.tcp.cc.algorithm", value)
	case "net.ipv4.tcp_slow_start_after_idle":
		return r.set("net.inet.tcp.slowstart_after_idle", onOff)
	case "net.ipv4.tcp_sack":
		return r.set("net.inet.tcp.sack", onOff)
	case "net.ipv4.tcp_tso_win_divisor", "net.ipv4.tcp_min_tso_segs": // how Linux groups segments
		return nil
	case "net.ipv4.tcp_early_retrans": // TLP, which the stack does not have
		if value == "0" {
			return nil
		}
	}
	if strings.HasPrefix(name, "net.inet.") {
		return r.set(name, value)
	}
	return Unsupported{"the setting " + name}
}

func (r *runner) set(name, value string) error {
	was, err := sysctl.Get(name)
	if err != nil {
		return err
	}
	r.undo = append([]func(){func() { _ = sysctl.Set(name, was) }}, r.undo...)
	return sysctl.Set(name, value)
}
