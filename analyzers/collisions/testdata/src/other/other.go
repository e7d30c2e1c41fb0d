package other

var Count int
