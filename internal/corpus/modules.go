package corpus

import (
	"fmt"
	"os/exec"
	"strings"
)

// Module is one module under comparison.
type Module struct {
	Path string // of the module
	Name string // of its program in isolation/
	Slow bool   // its tests mostly sleep
	// Config is what vimagegen generate is to be told of configurations, "" for
	// nothing.
	Config string
	// Before is what became of the variables under the rule that was there
	// before the proof: virtual unless never written anywhere and without
	// pointers, or an error or regular expression of known make. Measured once.
	Before Fates
}

// Modules returns the corpus; go.mod pins the versions.
func Modules() []Module {
	return []Module{
		{Path: "github.com/sirupsen/logrus", Name: "logrus", Before: Fates{17, 0, 0}},
		{Path: "github.com/spf13/pflag", Name: "pflag", Before: Fates{12, 1, 0}},
		{Path: "github.com/spf13/viper", Name: "viper", Before: Fates{24, 0, 0}},
		{Path: "github.com/golang/glog", Name: "glog", Before: Fates{29, 5, 0}},
		{Path: "github.com/google/uuid", Name: "uuid", Before: Fates{24, 5, 0}},
		{Path: "github.com/miekg/dns", Name: "dns", Before: Fates{68, 6, 0}},
		{Path: "github.com/hashicorp/memberlist", Name: "memberlist", Slow: true, Before: Fates{5, 2, 0}},
		{Path: "github.com/robfig/cron/v3", Name: "cron", Slow: true, Before: Fates{12, 0, 0}},
		{Path: "github.com/gorilla/mux", Name: "mux", Before: Fates{6, 3, 0}},
		{
			Path: "github.com/json-iterator/go", Name: "jsoniter",
			Config: "linux/amd64;linux/amd64,jsoniter_sloppy", Before: Fates{39, 5, 0},
		},
	}
}

// fetched returns the module's folder in the module cache, in which it is
// afterwards.
func (m Module) fetched() (string, error) {
	if out, err := exec.Command("go", "mod", "download", m.Path).CombinedOutput(); err != nil {
		return "", fmt.Errorf("go mod download %s: %w\n%s", m.Path, err, out)
	}
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", m.Path).Output()
	return strings.TrimSpace(string(out)), err
}
