package flow

// A table maps types, functions or nodes to values. It is a slice indexed by
// the key: keys are small numbers, and most of them get a value.
type table[K ~int32, V any] struct{ list []slot[V] }

type slot[V any] struct {
	value V
	set   bool
}

// get returns the value of a key, and whether there is one.
func (t *table[K, V]) get(k K) (v V, ok bool) {
	if int(k) < len(t.list) {
		s := &t.list[k]
		return s.value, s.set
	}
	return v, false
}

// put sets the value of a key.
func (t *table[K, V]) put(k K, v V) {
	if int(k) >= len(t.list) {
		t.list = append(t.list, make([]slot[V], int(k)+1-len(t.list))...)
	}
	t.list[k] = slot[V]{v, true}
}
