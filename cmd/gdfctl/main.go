// Command gdfctl brings marketplace orders into the states that a
// configuration wants, through GoDataFeed's API.
package main

import (
	"os"
)

func main() { os.Exit(run(ofProcess(), os.Args[1:])) }
