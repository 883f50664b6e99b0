package main

import (
	"errors"

	"github.com/gdfctl/gdfctl/internal/commandline"
	"github.com/gdfctl/gdfctl/internal/console"
	"github.com/gdfctl/gdfctl/internal/present"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/view/json"
)

// failure is an error for programs.
func (p *program) failure(err error, exitCode int) *report.Failure {
	code := map[int]present.FailureCode{exitUsage: present.FailedUsage, exitLocked: present.FailedLocked, exitInterrupted: present.FailedInterrupted}[exitCode]
	return present.Failure(err, p.errorText(err), code, exitCode)
}

// tellPrograms prints an error for programs, unless the command has printed what
// it had for them.
func (p *program) tellPrograms(out *console.Counted, err error, exitCode int) {
	if out.Printed || !commandline.AsksForJSON(p.args) {
		return
	}
	if _, said := errors.AsType[*saidError](err); said {
		err = errors.New("standard error says what went wrong")
	}
	_ = json.Object(p.stdout, p.failure(err, exitCode)) // a program that reads no more needs no error either
}
