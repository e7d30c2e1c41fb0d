package identity

// A Difference is a function or a datum that is not the same on both sides.
type Difference struct {
	Symbol  string   `json:"symbol"`
	Kind    string   `json:"kind"` // function, data, rodata, object
	Why     string   `json:"why"`
	File    string   `json:"file,omitempty"` // of a function
	Line    int      `json:"line,omitempty"`
	Listing []string `json:"listing,omitempty"`

	nameB string // of side b
}

// Counts are of functions; Data of everything else that is compared.
type Counts struct {
	Functions int `json:"functions"`
	Identical int `json:"identical"`
	Addresses int `json:"identical_but_for_addresses"`
	Inliner   int `json:"different_by_the_inliners_budget"`
	Choice    int `json:"different_by_the_compilers_choice"`
	Different int `json:"different"`

	Data          int `json:"data"`
	DataDifferent int `json:"data_different"`
	// Start counts what is there to fill the static build's structs: functions,
	// and variables that such a function fills at start where the compiler laid
	// them out.
	Start int `json:"set_up"`
	// Accessors counts those that the right side alone has. Functions leaves
	// them out.
	Accessors int `json:"accessors_added"`
	// Unused counts the instances that the static build alone has, and that a
	// linker leaves out. Functions and Data leave them out too.
	Unused int `json:"unused_instances"`
}

func (c *Counts) add(d Counts) {
	c.Functions += d.Functions
	c.Identical += d.Identical
	c.Addresses += d.Addresses
	c.Inliner += d.Inliner
	c.Choice += d.Choice
	c.Different += d.Different
	c.Data += d.Data
	c.DataDifferent += d.DataDifferent
	c.Start += d.Start
	c.Accessors += d.Accessors
	c.Unused += d.Unused
}

// A Package is what comparing one came to.
type Package struct {
	Path string `json:"path"` // with the variant, if it is one of a test
	Counts
	Differences []Difference `json:"differences,omitempty"`
	Inlined     []Difference `json:"inlined,omitempty"` // those of the inliner's budget
	Chosen      []Difference `json:"by_the_compilers_choice,omitempty"`
	Renamed     []Rename     `json:"renamed,omitempty"`
	SetUp       []Difference `json:"filled_at_start,omitempty"`
	Added       []string     `json:"added,omitempty"` // accessors
}

// A Report is the answer.
type Report struct {
	From     string     `json:"from"`
	To       string     `json:"to"`
	Packages []*Package `json:"packages"`
	Total    Counts     `json:"total"`
	Missing  []string   `json:"missing,omitempty"` // packages that one side alone has
	// Causes counts the differences in a static build, by what is known of
	// them.
	Causes map[string]int `json:"causes,omitempty"`
}

// OK reports whether nothing differs, and, where that is not allowed, no
// address either.
func (r *Report) OK(allowAddresses bool) bool {
	t := r.Total
	return t.Different == 0 && t.DataDifferent == 0 && len(r.Missing) == 0 && (allowAddresses || t.Addresses == 0 && t.Inliner == 0 && t.Choice == 0 && t.Start == 0)
}
