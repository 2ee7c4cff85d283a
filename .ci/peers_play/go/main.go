// grpc-go's part in .ci/peers: with the word `serve` a server, without it a client. What both are told and
// what they print is that of ../tonic, ../python and ../node.
package main

import (
	"bufio"
	"fmt"
	"os"
	"time"
)

// As in ../tonic/client.rs, which says why.
const (
	deadline = 800 * time.Millisecond
	metadata = 20_000
	tooLong  = 4*1024*1024 + 1024
)

var input = bufio.NewScanner(os.Stdin)

func main() {
	if len(os.Args) > 1 && os.Args[1] == "serve" {
		serve(os.Args[2:])
		return
	}
	for told() {
		play(input.Text())
		fmt.Println("done")
	}
}

// Waits for the next line of standard input. The play sees only what the way itself sends, because the client
// stays as it is until it is told.
func told() bool {
	return input.Scan()
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
