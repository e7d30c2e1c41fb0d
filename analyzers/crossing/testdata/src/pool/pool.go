package pool

import (
	"bytes"
	"sync"
)

type request struct{ owner *int }

type plain struct{ a, b int }

//vimage:shared for speed
var requests = sync.Pool{New: func() any { return new(request) }} // want `requests is a pool that is shared, in every build: a \*request that one image puts back`

//vimage:shared for the test
var byPointer = &sync.Pool{} // want `byPointer is a pool that is shared, in every build: a \*request`

// Near: virtual, or nothing that refers.
var own = sync.Pool{New: func() any { return new(request) }}

//vimage:shared buffers alone
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

//vimage:shared for the test
var slices = sync.Pool{New: func() any { b := make([]byte, 10); return &b }}

//vimage:shared for the test
var plains = sync.Pool{New: func() any { return &plain{} }}

func use() {
	byPointer.Put(&request{})
	own.Put(requests.Get())
	plains.Put(&plain{})
	buffers.Put(slices.Get())
}
