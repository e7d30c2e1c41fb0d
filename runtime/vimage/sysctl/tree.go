package sysctl

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"
)

// A Mode says whether Set may be used.
type Mode bool

// The modes.
const (
	RO Mode = false
	RW Mode = true
)

// An Info describes a sysctl and has its value.
type Info struct {
	Name        string
	Description string
	Type        string // bool, string, duration, or Go's name of the number's type
	Writable    bool
	Value       any      // of the Go type that was registered
	Text        string   // the value as Set takes it
	Min, Max    string   // "" if there is none
	OneOf       []string // nil if any will do
}

// A Change is one that was made.
type Change struct {
	Name     string
	Old, New any
}

// tree is one image's sysctls.
type tree struct {
	mu    sync.RWMutex
	nodes map[string]*node
	hook  func(Change)
}

// node is one sysctl.
type node struct {
	name, description string
	form              form
	get               func() reflect.Value
	set               func(reflect.Value) error // nil: read-only
	setting           sync.Mutex                // so that changes and what is told of them are in one order
}

// Var registers a variable. It panics when the name is ill-formed or taken, or
// a limit makes no sense.
func Var[T Value](name string, p *T, mode Mode, description string, limits ...Limit) {
	n := &node{name: name, description: description, get: func() reflect.Value { return reflect.ValueOf(Load(p)) }}
	if mode == RW {
		n.set = func(v reflect.Value) error {
			Store(p, v.Interface().(T))
			return nil
		}
	}
	n.register(reflect.TypeFor[T](), limits)
	if why := n.form.check(n.get()); why != "" {
		panic("sysctl " + name + ": the variable's value is out of range: " + why)
	}
}

// Computed registers a read-only sysctl whose value get returns: Func without a
// set.
func Computed[T Value](name string, get func() T, description string, limits ...Limit) {
	Func(name, get, nil, description, limits...)
}

// Func registers a computed sysctl. set may be nil, which makes it read-only;
// it is given a value within the limits, and may refuse it. Both are called in
// the image that registered them, by several goroutines at a time.
func Func[T Value](name string, get func() T, set func(T) error, description string, limits ...Limit) {
	n := &node{name: name, description: description, get: func() reflect.Value { return reflect.ValueOf(get()) }}
	if set != nil {
		n.set = func(v reflect.Value) error { return set(v.Interface().(T)) }
	}
	n.register(reflect.TypeFor[T](), limits)
}

func (n *node) register(t reflect.Type, limits []Limit) {
	var why string
	if n.form, why = newForm(t, limits); why == "" {
		why = misnamed(n.name)
	}
	if why == "" {
		why = root().add(n)
	}
	if why != "" {
		panic("sysctl " + n.name + ": " + why)
	}
}

func misnamed(name string) string {
	for part := range strings.SplitSeq(name, ".") {
		if part == "" || strings.ContainsFunc(part, func(r rune) bool {
			return !(r == '_' || r == '-' || r == '%' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z')
		}) {
			return "ill-formed name: want words of letters, digits, _, - and %, with dots between"
		}
	}
	return ""
}

// add enters a node. A name is that of a sysctl or the beginning of others, not
// both.
func (t *tree) add(n *node) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.nodes[n.name] != nil {
		return "registered twice"
	}
	for name := range t.nodes {
		if below(name, n.name) || below(n.name, name) {
			return "both it and " + name + " are registered, of which one is below the other"
		}
	}
	t.nodes[n.name] = n
	return ""
}

func below(name, prefix string) bool {
	return len(name) > len(prefix) && name[len(prefix)] == '.' && strings.HasPrefix(name, prefix)
}

// Remove takes a sysctl out of the tree again.
func Remove(name string) {
	t := root()
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.nodes, name)
}

// OnChange has f called after every successful Set of the current image, one at
// a time for one sysctl; nil has it stopped.
func OnChange(f func(Change)) {
	t := root()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.hook = f
}

func (t *tree) find(name string) (*node, error) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if n := t.nodes[name]; n != nil {
		return n, nil
	}
	return nil, &Error{Name: name, Err: ErrUnknown}
}

// Get returns a value, of the type that was registered.
func Get(name string) (any, error) {
	n, err := root().find(name)
	if err != nil {
		return nil, err
	}
	return n.get().Interface(), nil
}

// Lookup describes one sysctl.
func Lookup(name string) (Info, error) {
	n, err := root().find(name)
	if err != nil {
		return Info{}, err
	}
	return n.info(), nil
}

// List describes the sysctl of that name and all below it, sorted by name; ""
// stands for all.
func List(prefix string) []Info {
	t := root()
	t.mu.RLock()
	var found []*node
	for _, name := range slices.Sorted(maps.Keys(t.nodes)) {
		if prefix == "" || name == prefix || below(name, prefix) {
			found = append(found, t.nodes[name])
		}
	}
	t.mu.RUnlock()
	list := make([]Info, len(found))
	for i, n := range found { // out of the lock: functions may use the tree
		list[i] = n.info()
	}
	return list
}

func (n *node) info() Info {
	v := n.get()
	return Info{
		Name: n.name, Description: n.description, Type: n.form.name, Writable: n.set != nil,
		Value: v.Interface(), Text: n.form.text(v), Min: n.form.bound(n.form.min), Max: n.form.bound(n.form.max), OneOf: n.form.choices(),
	}
}

// Set changes a sysctl. The value is of the type that was registered, or an int
// where that is a number, or a string that spells it. The errors are [Error]s
// of one of this package's kinds, or what the sysctl's own function returned.
func Set(name string, value any) error {
	t := root()
	n, err := t.find(name)
	if err != nil {
		return err
	}
	if n.set == nil {
		return &Error{Name: name, Err: ErrReadOnly}
	}
	v, why := n.form.value(value)
	if why != "" {
		return &Error{name, ErrType, why}
	}
	if why := n.form.check(v); why != "" {
		return &Error{name, ErrRange, why}
	}
	n.setting.Lock()
	defer n.setting.Unlock()
	old := n.get()
	if err := n.set(v); err != nil {
		return &Error{Name: name, Err: err}
	}
	t.mu.RLock()
	hook := t.hook
	t.mu.RUnlock()
	if hook != nil {
		hook(Change{name, old.Interface(), v.Interface()})
	}
	return nil
}

// String spells a change for a log.
func (c Change) String() string { return fmt.Sprintf("sysctl %s: %v -> %v", c.Name, c.Old, c.New) }
