/*
# Help: print this text, or that of one verb or topic

Usage:

	vimagegen help [verb|topic|analyzer|rule]

Help prints a page of the manual. Without arguments it lists the verbs, the topics and the
analyzers. The page of an analyzer is its package's documentation; that of a rule, as in
globals/mutable, has an example before and after. VERB -h prints the page of a verb.
*/
package main
