// This file stands in for cmd/gdfctl/main.go where tests build a program whose
// clock is wrong by GDF_TEST_CLOCK. The program that users get has no such way
// in.
package main

import (
	"os"
	"time"
)

func main() {
	p := ofProcess()
	if wrong, err := time.ParseDuration(os.Getenv("GDF_TEST_CLOCK")); err == nil {
		p.Now = func() time.Time { return time.Now().Add(wrong) }
	}
	os.Exit(run(p, os.Args[1:]))
}
