package report

// Version is the version of the JSON document.
const Version = 1

// A Report is what there is to tell of one program.
type Report struct {
	Version   int         `json:"version"`
	Fate      string      `json:"fate,omitempty"`
	Roots     []string    `json:"roots"`
	Tests     bool        `json:"tests"`
	WordBytes int64       `json:"word_bytes"`
	Totals    Totals      `json:"totals"`
	Packages  []*Package  `json:"packages"`
	Variables []*Variable `json:"variables"`
}

// Counts are numbers of variables by fate, and what the virtual ones cost an
// image.
type Counts struct {
	Variables  int   `json:"variables"`
	Virtual    int   `json:"virtual"`
	Shared     int   `json:"shared"`
	Refused    int   `json:"refused"`
	ImageBytes int64 `json:"image_bytes"`
}

// Totals are the counts of all listed packages.
type Totals struct {
	Counts
	StandardImageBytes int64 `json:"standard_image_bytes"` // of standard packages that are not listed
}

// A Package is one import path's counts.
type Package struct {
	Path     string `json:"path"`
	Module   string `json:"module,omitempty"`
	Version  string `json:"version,omitempty"`
	Standard bool   `json:"standard,omitempty"`
	Main     bool   `json:"-"` // of a main module
	Counts
}

// A Variable is one package-level variable.
type Variable struct {
	Package string `json:"package"`
	Name    string `json:"name"`
	Kind    string `json:"kind"` // "go" or "c"
	Type    string `json:"type,omitempty"`
	Fate    string `json:"fate"`
	Start   string `json:"start,omitempty"`
	Size    int64  `json:"size"`
	Test    bool   `json:"test,omitempty"`
	Place   Place  `json:"place"`
	Reason  string `json:"reason"`
	Chain   []Step `json:"chain"`
	Writes  []Use  `json:"writes"`
	Reads   []Use  `json:"reads"`
}

// A Step is one link of a chain of reasons.
type Step struct {
	Text  string `json:"text"`
	Place *Place `json:"place,omitempty"`
}

// A Use is a place where something is done with a variable.
type Use struct {
	How      string `json:"how,omitempty"`
	Function string `json:"function,omitempty"`
	Package  string `json:"package"`
	Place    Place  `json:"place"`
}

// A Place is a position in the program's source.
type Place struct {
	Module  string `json:"module,omitempty"`
	Version string `json:"version,omitempty"`
	File    string `json:"file"`
	Line    int    `json:"line"`
	Column  int    `json:"column,omitempty"`

	path   string // on this machine
	source string // the line
}

// Only limits the list of variables to those of one fate. Counts stay those of
// the program.
func (r *Report) Only(fate string) {
	r.Fate = fate
	kept := []*Variable{}
	for _, v := range r.Variables {
		if v.Fate == fate {
			kept = append(kept, v)
		}
	}
	r.Variables = kept
}
