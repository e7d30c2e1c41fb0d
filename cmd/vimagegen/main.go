// Command vimagegen.
package main

func main() {}
