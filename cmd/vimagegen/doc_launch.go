/*
# Launch: what a program from build -launch takes from its user

A program that was built by vimagegen build -launch starts N images of itself, and needs nothing but
its file: neither vimagegen nor a toolchain. Images begin and end as under vimagegen run. The flags
come before the program's own arguments; the environment variables mean the same, and a flag
overrides its variable. The program sees neither.

	-vimage.n N                        VIMAGE_N            how many images; 1 by default
	-vimage.args FILE                  VIMAGE_ARGS         for each image a line
	-vimage.prefix                     VIMAGE_PREFIX       put the image's number before its lines
	-vimage.panic image|process        VIMAGE_PANIC        what an unrecovered panic ends
	-vimage.fail-fast                  VIMAGE_FAIL_FAST    end with the first image that ends badly
	-vimage.restart never|on-failure   VIMAGE_RESTART      start such an image again
	-vimage.debug ADDR                 VIMAGE_DEBUG        serve /debug/vimage/; built with -debug
	-vimage.help                                           print the flags

A line of FILE is read as a shell reads words, but for what a shell expands: '...' is taken as it is,
in "..." and outside a backslash quotes the next character. First come KEY=VALUE words, which are
added to the image's environment, then arguments, which are added to those of the command line. The
word -- ends the environment, for an argument that looks like KEY=VALUE, and is the whole line of an
image for which there is nothing to say. Empty lines and lines that begin with # are for no image.
There are as many images as lines. In arguments, and in the file, {image} becomes the image's number.

	# two shops
	SHOP=books -addr :8081
	SHOP='toys & games' -addr :8082

The folder examples/container has a Dockerfile.
*/
package main
