package kernel // want package:"slots Read4 Mtap Lock\\(lock\\) Unlock\\(lock\\) Now\\(per=image\\) hidden Mixed\\(mixed\\) Other\\(mixed\\)\\(per=image\\)"

type Ifnet struct{ Name string }

//vimage:weak
func Read4(off int, more ...string) (v uint32, err error) { return 0, nil }

//vimage:weak
func Mtap(ifp *Ifnet, pkt []byte) {}

//vimage:weak group=lock
func Lock() {}

//vimage:weak group=lock
func Unlock() {}

//vimage:weak per=image
func Now() int { return 0 }

//vimage:weak
func hidden() {} // want `//vimage:weak: no module can override hidden, because it is not exported`

//vimage:weak group=mixed
func Mixed() {}

//vimage:weak group=mixed per=image
func Other() {} // want `//vimage:weak group=mixed: all slots of a group are per=image, or none is: Mixed differs`

func NotASlot() {}

// The value dispatches.
var Value = Read4
