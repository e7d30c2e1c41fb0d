package a

var a int //nolint:globals // it is a constant in truth

var b int /* want "nolint without a reason silences nothing: write //nolint:globals // why" */ //nolint:globals

/* want "write //nolint:errcheck,crossing // why" */ //nolint:errcheck,crossing
var c int

/* want "write //nolint:vimage // why" */ //nolint:vimage //
var d int

var e int //nolint:errcheck

var f int //nolint
