package registry

import (
	"archive/zip"
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"expvar"
	"flag"
	"image"
	"io"
	"log"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"reflect"
	"sort"
	"strings"
)

type server struct{ hits int }

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.hits++ }
func (s *server) String() string                                   { return "0" }
func (s *server) Set(string) error                                 { return nil }

func start(s *server, w io.Writer) {
	http.Handle("/", s)                                                                                // want `http.Handle keeps the value in http.DefaultServeMux, which in a committed build is one for all images \(in a vimagegen build each has its own\)`
	http.HandleFunc("/x", s.ServeHTTP)                                                                 // want `http.HandleFunc keeps the function in http.DefaultServeMux, which in a committed build`
	expvar.Publish("s", s)                                                                             // want `expvar.Publish keeps the value in expvar.vars, which in a committed build`
	flag.Var(s, "s", "")                                                                               // want `flag.Var keeps the value in flag.CommandLine, which in a committed build`
	log.SetOutput(w)                                                                                   // want `log.SetOutput keeps the value in log.std, which in a committed build`
	slog.SetDefault(slog.New(slog.NewTextHandler(w, nil)))                                             // want `slog.SetDefault keeps the value in slog.defaultLogger`
	zip.RegisterCompressor(9, func(w io.Writer) (io.WriteCloser, error) { s.hits++; return nil, nil }) // want `zip.RegisterCompressor keeps the function in zip.compressors, which in a committed build is one for all images`
	flag.IntVar(&s.hits, "hits", 0, "")                                                                // want `flag.IntVar keeps the value in flag.CommandLine`
	register(s)
}

func register(s *server) { http.Handle("/r", s) } // want `http.Handle keeps the value`

func init() {
	http.Handle("/init", &server{})                // generate has this init run once, and says so
	x509.SetFallbackRoots(x509.NewCertPool())      // the same
	image.RegisterFormat("x", "x", nil, config)    // the same function from each image
	crypto.RegisterHash(crypto.SHA256, sha256.New) // the same
	http.HandleFunc("/plain", plain)               // the same
}

func plain(w http.ResponseWriter, r *http.Request) {}

func config(io.Reader) (image.Config, error) { return image.Config{}, errors.ErrUnsupported }

func methods(s *server, w io.Writer) {
	http.DefaultServeMux.Handle("/m", s) // want `^\(\*http.ServeMux\).Handle keeps the value in http.DefaultServeMux, which in a committed build`
	log.Default().SetOutput(w)           // want `SetOutput keeps the value in log.std`
}

func near(s *server) {
	mux := http.NewServeMux()
	mux.Handle("/", s)
	fs := flag.NewFlagSet("x", flag.ContinueOnError)
	fs.Var(s, "s", "")
	log.SetOutput(os.Stderr)
	log.New(os.Stderr, "", 0).SetOutput(io.Discard)
	log.Println(s)
	sort.Slice(os.Args, func(i, j int) bool { return s.hits > i })
	strings.Map(func(r rune) rune { s.hits++; return r }, "x")
	reflect.PointerTo(reflect.TypeOf(s))
	signal.Stop(make(chan os.Signal))
}
