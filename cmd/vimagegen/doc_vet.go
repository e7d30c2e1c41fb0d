/*
# Vet: gate on what stands in the way of images

Usage:

	vimagegen vet [-baseline FILE [-write-baseline]] [-new-from REV] [-sarif FILE] [-json] [-fix]
		[analyzer flags] [build flags] [packages]

Vet reports code that hinders running a program as several images, and exits 1 if it finds any. It
makes go vet run the analyzers over the packages and their tests, which uses the go command's cache
and runs in parallel: unchanged packages are not analyzed again. Vet prints findings as go vet does,
sorted, with the rule at the end:

	file:line:column: message [analyzer/rule]

The flags of its own:

	-baseline FILE
		leave out the findings that FILE knows, by rule, package and the declaration that they
		are about, wherever it stands. Entries that nothing matches any more are told on the
		standard error, if their analyzer and package were looked at; they do not change the
		exit. The environment variable VIMAGE_BASELINE names a file, by its absolute path, where
		the flag does not.
	-write-baseline
		write FILE: all that is found now, and what it knows of packages and analyzers that
		were not looked at. Nothing is printed.
	-new-from REV
		report only what stands on lines that changed since a git revision, committed or not,
		and in files that git does not know yet. For a branch, that is
		-new-from $(git merge-base origin/main HEAD).
	-sarif FILE
		write what is reported in SARIF 2.1.0 too, with paths from the repository's root.
	-json
		print what is reported, and stale entries, as one JSON object. The exit is the same.
	-fix
		apply the first fix of what would be reported, and report what is left. Fixes that meet
		are left for the next time. Files that cgo reads are not fixed.
	-NAME
		run analyzer NAME alone, as in -globals; with several such flags, these alone; with
		-NAME=false, all others.

A baseline, a revision or settings that make no sense, and packages that cannot be found, are exit
2; code that does not compile is exit 1, as with go vet. Then nothing is written.

Vimagegen help vet lists the analyzers, vimagegen help ANALYZER the rules of one, and vimagegen help
ANALYZER/RULE explains a rule, with an example before and after. The rule's name alone is enough
where no other topic has it.

A comment silences findings on its line, in the statement or declaration that begins there, or in
the one below it. It must say why; NAME is an analyzer's, several with commas, or vimage for all:

	//nolint:NAME // why

Findings in generated files, in the standard library and in modules at a version are not reported.

The object that -json prints:

	version     1
	findings    sorted by file, line and column; each with
		rule                  analyzer/rule
		package               import path; that of an external test ends in _test
		object                what it is about: a declaration, T.Method, or a file
		file                  as seen from the working directory, with slashes
		line, column          from 1, columns in bytes; endLine, endColumn likewise: the
		                      place behind its end, or the same place
		message
		related               places: file, line, column, endLine, endColumn, message
		fixes                 message, and edits: file, start and end (bytes), new
	stale       entries of the baseline: rule, package, object, and line in it
*/
package main
