package self_test

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"
	"unsafe"

	"github.com/go-vimage/vimage/runtime/pcpu"
	"github.com/go-vimage/vimage/runtime/vdso/page"
	"github.com/go-vimage/vimage/runtime/vdso/self"
	"github.com/go-vimage/vimage/runtime/vimage"
	"github.com/go-vimage/vimage/runtime/vimage/sysctl"
)

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "child" {
		for range 2 {
			fmt.Print(self.Pid() == os.Getpid(), " ", self.Parent() == os.Getppid(), "\n")
		}
		if len(os.Args) > 2 { // until the parent is gone
			parent := os.Getppid()
			for os.Getppid() == parent {
				time.Sleep(time.Millisecond)
			}
			for end := time.Now().Add(10 * time.Second); self.Parent() == parent && time.Now().Before(end); {
				time.Sleep(time.Millisecond)
			}
			fmt.Println("orphan", self.Parent() == os.Getppid())
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func TestPid(t *testing.T) {
	for range 3 {
		if self.Pid() != os.Getpid() || self.Parent() != os.Getppid() {
			t.Errorf("got %d %d, want %d %d", self.Pid(), self.Parent(), os.Getpid(), os.Getppid())
		}
	}
	out, err := exec.Command(os.Args[0], "child").Output()
	if err != nil || string(out) != "true true\ntrue true\n" {
		t.Errorf("in a child: %s%v", out, err)
	}
}

// A parent's exit is seen in its child.
func TestOrphan(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no shell")
	}
	out, err := exec.Command(sh, "-c", `"$0" child wait & sleep 0.3`, os.Args[0]).Output()
	if err != nil || !strings.HasSuffix(string(out), "orphan true\n") {
		t.Errorf("got %s%v", out, err)
	}
}

func images(t *testing.T) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("the test reads files of pages")
	}
	if vimage.Available() != nil {
		vimage.VnetRegister(&vimage.VnetModule{
			Path: "self_test", New: func() unsafe.Pointer { return unsafe.Pointer(new(int)) },
		})
	}
}

func values(t *testing.T, path string) map[string]any {
	t.Helper()
	info, err := page.Inspect(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.State != "live" {
		t.Errorf("the page is %s", info.State)
	}
	m := map[string]any{}
	for _, v := range info.Values {
		m[v.Name] = v.Value
	}
	return m
}

func wait(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not within 10 s: %s", what)
		}
	}
}

// An image's page has its identity, its clock, its sysctls and its counters,
// and goes with it. A parent's end is written.
func TestPublish(t *testing.T) {
	images(t)
	t.Setenv("VIMAGE_PAGES", t.TempDir())
	parent, err := vimage.New(vimage.WithName("parent"))
	if err != nil {
		t.Fatal(err)
	}
	im, err := vimage.New(vimage.WithName("child"), vimage.WithParent(parent), vimage.WithClock(time.Hour, 2))
	if err != nil {
		t.Fatal(err)
	}
	ttl := 64
	sysctl.Var("net.inet.ip.ttl", &ttl, sysctl.RW, "Time to live")
	defer sysctl.Remove("net.inet.ip.ttl")
	var stats pcpu.Stats[struct{ Received, Dropped uint64 }]
	var p *self.Page
	im.Do(func() { p, err = self.Publish(self.WithStats("ip", &stats)) })
	if err != nil {
		t.Fatal(err)
	}
	pcpu.Add(&stats.Here().Received, 7)
	got := values(t, p.Path())
	for name, want := range map[string]any{
		"Image": im.ID(), "Name": "child", "State": "live", "Pid": uint64(os.Getpid()), "Parent": uint64(os.Getppid()),
		"ParentImage": int64(parent.ID()), "ClockOffset": int64(time.Hour), "ClockRate": 2.0,
		"sys_net_inet_ip_ttl": int64(64), "stat_ip_Dropped": uint64(0),
	} {
		if got[name] != want {
			t.Errorf("%s is %v, want %v", name, got[name], want)
		}
	}
	if err := sysctl.Set("net.inet.ip.ttl", 65); err != nil {
		t.Fatal(err)
	}
	wait(t, "the counter and the setting", func() bool {
		v := values(t, p.Path())
		return v["stat_ip_Received"] == uint64(7) && v["sys_net_inet_ip_ttl"] == int64(65)
	})
	more := true
	sysctl.Var("net.more", &more, sysctl.RO, "Another one")
	defer sysctl.Remove("net.more")
	wait(t, "another layout", func() bool {
		info, err := page.Inspect(p.Path())
		return err == nil && strings.Contains(fmt.Sprint(info.Values), "sys_net_more")
	})
	if err := im.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := page.Inspect(p.Path()); !os.IsNotExist(err) {
		t.Errorf("the page of a closed image: %v", err)
	}
	p.Close()
	if err := parent.Close(t.Context()); err != nil {
		t.Error(err)
	}
}
