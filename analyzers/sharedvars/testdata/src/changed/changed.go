package changed

//vimage:shared_page same version=1.0
type Same struct { // want `field Gone of page same was removed in version 1.0, which has it in same.abi: give the page a new version`
	A int64 // want `field A of page same has type int64, but uint64 in same.abi for version 1.0`
	B int64
	New int8
}

//vimage:shared_page older version=1.9
type Older struct { // want `version 1.9 of page older is older than 1.10, which older.abi has`
	A int64
}

//vimage:shared_page damaged version=1.0
type Damaged struct { // want `damaged.abi: page: first line "what is this.n": want page NAME VERSION`
	A int64
}

//vimage:shared_page other version=1.0
type Other struct { // want `other.abi is about page another, not other`
	A int64
}
