/*
# Vettool: use by go vet, golangci-lint and Bazel

Usage:

	go vet -vettool=$(go tool -n vimagegen) [-json] [-fix] [analyzer flags] [build flags] [packages]

Vimagegen is a vettool of the go command's as well. Then go vet prints, fixes and exits; suppression
is the same, and of vimagegen vet's flags only the baseline is available, by VIMAGE_BASELINE. The flag
-related goes with -json: findings then keep their related places, and messages have no rule's name. What the go command
keeps of results goes by the settings (vimage.settings) of the modules that lie in folders of yours
and by that baseline: it never goes stale, and a change of one of them has every package looked
at again, which vimagegen vet -baseline has not.

For golangci-lint there is a plugin in the folder golangci. For Bazel's nogo each analyzer's package
exports the variable Analyzer:

	nogo(
		name = "nogo",
		deps = [
			"@com_github_go_vimage_vimage//analyzers/aliases",
			"@com_github_go_vimage_vimage//analyzers/globals", # and so on, as listed by vimagegen help vet
		],
		visibility = ["//visibility:public"],
	)

Nogo has no facts about the standard library. What its functions do to what they are given is unknown then, but for
package sync, sync/atomic's functions and the like, and fewer variables are seen to change than go vet sees.
*/
package main
