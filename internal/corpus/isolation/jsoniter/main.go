// Command jsoniter registers encoders and extensions, which are global, and
// changes the default configuration.
package main

import (
	"fmt"
	"strings"
	"unsafe"

	jsoniter "github.com/json-iterator/go"

	"github.com/go-vimage/vimage/internal/corpus/isolation/turn"
)

type point struct{ X int }

func encode(ptr unsafe.Pointer, s *jsoniter.Stream) {
	s.WriteString(fmt.Sprint("point ", (*point)(ptr).X))
}

func never(unsafe.Pointer) bool { return false }

// lower makes field names lower case.
type lower struct{ jsoniter.DummyExtension }

func (*lower) UpdateStructDescriptor(d *jsoniter.StructDescriptor) {
	for _, f := range d.Fields {
		f.ToNames = []string{strings.ToLower(f.Field.Name())}
	}
}

func main() {
	turn.Play(func() {
		jsoniter.RegisterTypeEncoderFunc("main.point", encode, never)
		jsoniter.RegisterExtension(&lower{})
		jsoniter.ConfigDefault = jsoniter.Config{IndentionStep: 1}.Froze()
	}, func() string {
		// A configuration caches encoders: a fresh one shows what is registered
		// now.
		api := jsoniter.Config{SortMapKeys: true}.Froze()
		p, err1 := api.MarshalToString(point{1})
		s, err2 := api.MarshalToString(struct{ Name string }{"n"})
		d, err3 := jsoniter.ConfigDefault.MarshalToString(map[string]int{"k": 1})
		return fmt.Sprintf("%s %s %q %v %v %v", p, s, d, err1, err2, err3)
	})
}
