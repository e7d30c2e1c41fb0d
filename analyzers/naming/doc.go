// Package naming spells the names in generated code, for the generators and for
// those who look for names that collide with them.
//
// Input: a package's name, as in its package clause, and a number. Output: the
// names of one generated file: for package net and number 1 the container
// vnet_net, the hook INIT_VNET_NET and so on, for number 2 vnet_net_2. It reads
// no program: the caller counts up until no name is in use.
package naming
