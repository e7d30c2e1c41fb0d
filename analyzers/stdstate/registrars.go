package stdstate

// A Registrar is a function of the standard library that enters something into
// package-level state for the rest of the process. A second call fails, or its
// effect is seen by all images. Where With is not "", it does so if it is
// called for the value of that variable.
type Registrar struct{ Func, With string }

// Registrars is the list. In a committed build a step of initialization that
// calls one runs once.
func Registrars() []Registrar {
	return []Registrar{
		{"(*flag.FlagSet).Var", "flag.CommandLine"},
		{"expvar.Publish", ""},
		{"log.SetOutput", ""},
		{"log.SetFlags", ""},
		{"log.SetPrefix", ""},
		{"(*log.Logger).SetOutput", "log.std"},
		{"(*log.Logger).SetFlags", "log.std"},
		{"(*log.Logger).SetPrefix", "log.std"},
		{"log/slog.SetDefault", ""},
		{"log/slog.SetLogLoggerLevel", ""},
		{"(*net/http.ServeMux).Handle", "net/http.DefaultServeMux"},
		{"(*net/http.ServeMux).HandleFunc", "net/http.DefaultServeMux"},
		{"net/http.Handle", ""},
		{"net/http.HandleFunc", ""},
		{"(*net/rpc.Server).Register", "net/rpc.DefaultServer"},
		{"(*net/rpc.Server).RegisterName", "net/rpc.DefaultServer"},
		{"(*net/rpc.Server).HandleHTTP", "net/rpc.DefaultServer"},
		{"database/sql.Register", ""},
		{"encoding/gob.Register", ""},
		{"encoding/gob.RegisterName", ""},
		{"image.RegisterFormat", ""},
		{"mime.AddExtensionType", ""},
		{"archive/zip.RegisterCompressor", ""},
		{"archive/zip.RegisterDecompressor", ""},
		{"crypto.RegisterHash", ""},
		{"math/rand.Seed", ""},
		{"runtime/pprof.NewProfile", ""},
	}
}
