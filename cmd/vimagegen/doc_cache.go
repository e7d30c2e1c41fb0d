/*
# Cache

Rewritten files, and copies of those modules of the module cache that have one, are kept in
vimage in the user's cache directory, or in VIMAGECACHE if that is set. Their names are made of
their contents, so that unchanged input builds nothing again; programs and runs share them. What
has not been used for ten days is removed. Nothing needs the cache to persist.
*/
package main
