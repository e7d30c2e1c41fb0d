// Package nolint defines an analyzer that checks the comments which silence
// vimage's other analyzers.
//
// # Analyzer nolint
//
// nolint: report nolint comments for vimage that give no reason
//
// Input: one package. Output: a finding for each comment //nolint:NAME that
// names one of vimage's analyzers, or vimage, without a reason. Package
// suppress defines the form of the comment and the lines that it silences.
//
// Limits: comments that name only other tools are not checked, and a comment
// that no longer silences anything is not reported.
//
// # no-reason
//
// The comment gives no reason, so it silences nothing.
//
// Before:
//
//	os.Setenv("TZ", "UTC") //nolint:crossing
//
// After:
//
//	os.Setenv("TZ", "UTC") //nolint:crossing // at start, before images exist
package nolint
