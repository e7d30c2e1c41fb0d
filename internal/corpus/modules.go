package corpus

// Module is one module under comparison.
type Module struct {
	Path string // of the module
	Name string // of its program in isolation/
	Slow bool   // its tests mostly sleep
}

// Modules returns the corpus; go.mod pins the versions.
func Modules() []Module {
	return []Module{
		{Path: "github.com/sirupsen/logrus", Name: "logrus"},
		{Path: "github.com/spf13/pflag", Name: "pflag"},
		{Path: "github.com/spf13/viper", Name: "viper"},
		{Path: "github.com/golang/glog", Name: "glog"},
		{Path: "github.com/google/uuid", Name: "uuid"},
		{Path: "github.com/miekg/dns", Name: "dns"},
		{Path: "github.com/hashicorp/memberlist", Name: "memberlist", Slow: true},
		{Path: "github.com/robfig/cron/v3", Name: "cron", Slow: true},
		{Path: "github.com/gorilla/mux", Name: "mux"},
		{Path: "github.com/json-iterator/go", Name: "jsoniter"},
	}
}
