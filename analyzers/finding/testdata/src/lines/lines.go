package lines

//line other.go:10
var badElsewhere int // want "bad name"
