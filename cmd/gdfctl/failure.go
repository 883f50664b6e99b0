package main

import (
	"errors"

	"github.com/gdfctl/gdfctl/internal/commandline"
	"github.com/gdfctl/gdfctl/internal/console"
	"github.com/gdfctl/gdfctl/internal/present"
	"github.com/gdfctl/gdfctl/internal/view/json"
)

// failureCode is how programs call what an exit code means, if they have a word for it.
func failureCode(exitCode int) present.FailureCode {
	return map[int]present.FailureCode{exitUsage: present.FailedUsage, exitLocked: present.FailedLocked, exitInterrupted: present.FailedInterrupted}[exitCode]
}

// tellPrograms prints an error for programs, unless the command has printed what
// it had for them.
func (p *program) tellPrograms(out *console.Counted, err error, exitCode int) {
	if out.Printed || !commandline.AsksForJSON(p.Args) {
		return
	}
	if _, said := errors.AsType[*saidError](err); said {
		err = errors.New("standard error says what went wrong")
	}
	_ = json.Object(p.Out, p.Failure(err, failureCode(exitCode), exitCode)) // a program that reads no more needs no error either
}
