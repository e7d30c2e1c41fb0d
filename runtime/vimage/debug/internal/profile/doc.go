// Package profile reads profiles as runtime/pprof writes them.
//
// Input: a gzip-compressed protocol buffer, perftools.profiles.Profile. Output:
// its samples, each with its stack, values and text labels. Mappings,
// addresses, numeric labels and comments are skipped. The messages and field
// numbers are those of github.com/google/pprof/proto/profile.proto.
package profile
