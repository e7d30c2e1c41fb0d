package sysctl

import "errors"

// What can be wrong with a request. Use errors.Is: the errors returned say
// more.
//
//vimage:shared they are compared by identity, in one image with what comes from another
var (
	ErrUnknown  = errors.New("no such sysctl")
	ErrType     = errors.New("wrong type")
	ErrRange    = errors.New("out of range")
	ErrReadOnly = errors.New("read-only")
)

// An Error tells of a request that failed.
type Error struct {
	Name   string // the sysctl
	Err    error  // one of the above, or what the sysctl's own function returned
	Detail string // may be empty
}

func (e *Error) Error() string {
	s := "sysctl " + e.Name + ": " + e.Err.Error()
	if e.Detail != "" {
		s += ": " + e.Detail
	}
	return s
}

func (e *Error) Unwrap() error { return e.Err }
