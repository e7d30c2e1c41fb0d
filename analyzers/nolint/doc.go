// Package nolint defines an analyzer that looks at the comments by which findings of vimage's other
// analyzers are silenced.
//
// In comes one package; out go findings under one rule:
//
//   - no-reason: //nolint:NAME names one of our analyzers, or vimage, and does not say why. Such a comment
//     silences nothing.
//
// What such a comment looks like and which lines it speaks of is told by package suppress. Comments that name other
// tools alone are theirs to check, and whether a comment still silences something is not asked.
package nolint
