/*
# Clean: remove the cache

Usage:

	vimagegen clean

Clean removes the cache. See vimagegen help cache.
*/
package main
