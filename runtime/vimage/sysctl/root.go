//go:build !vimage

package sysctl

// one is the tree. vimagegen gives each image its own, as it does with any
// variable.
var one = tree{nodes: map[string]*node{}}

func root() *tree { return &one }
