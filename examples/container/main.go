// Command container is a server that keeps its state in package-level
// variables, as many do. The Dockerfile beside it makes an image of it for a
// container, in which one process is three such servers: vimagegen build -launch
// builds the program, and the file images has a line for each server.
//
//	docker build -f examples/container/Dockerfile -t counter .
//	docker run -p 8081-8083:8081-8083 counter
//
// Without a container:
//
//	go run ./cmd/vimagegen build -launch -o /tmp/counter ./examples/container
//	VIMAGE_ARGS=examples/container/images /tmp/counter -vimage.prefix
package main

import (
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"sync/atomic"
)

var (
	addr = flag.String("addr", "localhost:8080", "listen on `address`")
	hits atomic.Int64
)

func count(w http.ResponseWriter, _ *http.Request) {
	fmt.Fprintf(w, "%s: visit %d\n", os.Getenv("SHOP"), hits.Add(1))
}

func main() {
	flag.Parse()
	http.HandleFunc("/{$}", count)
	l, err := net.Listen("tcp", *addr)
	if err != nil {
		log.Fatal(err)
	}
	log.Printf("shop %q listens on %s", os.Getenv("SHOP"), l.Addr())
	log.Fatal(http.Serve(l, nil))
}
