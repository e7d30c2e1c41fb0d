/*
# Version: print the versions of vimagegen and of the toolchain it was built with

Usage:

	vimagegen version

Version prints the version of vimagegen, and of the toolchain and the platform it was built with.
*/
package main
