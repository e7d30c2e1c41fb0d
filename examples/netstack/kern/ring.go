package kern

import (
	"math/bits"
	"sync"
)

// A ring is the memory of a stream's buffer: 2,048 bytes or more, a power of two. A
// buffer that runs empty gives it back, so that sockets at rest have none, and a
// busy one's next is not made anew, which would cost more than the bytes' copying.
type ring struct {
	buf   []byte
	class int
}

// minRing is the length of the smallest ring, as a power of two.
const minRing = 11

// rings has the memory that no buffer uses, by lengths. Like packets it has no state:
// a buffer reads what it wrote.
var rings [bits.UintSize - minRing]sync.Pool

// getRing returns a ring of at least n bytes, which are not cleared.
func getRing(n int) *ring {
	class := max(0, bits.Len(uint(n-1))-minRing)
	if r, ok := rings[class].Get().(*ring); ok {
		return r
	}
	return &ring{make([]byte, 1<<(minRing+class)), class}
}

func (r *ring) free() { rings[r.class].Put(r) }
