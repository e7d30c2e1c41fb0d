// Counter counts what it serves, in a package-level variable.
package main

import (
	"fmt"
	"os"
)

var served int

func serve(who string) {
	served++
	fmt.Printf("%s: request %d\n", who, served)
}

func main() {
	for range 2 {
		serve(os.Args[1])
	}
}
