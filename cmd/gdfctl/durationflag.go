package main

import (
	"errors"
	"time"

	"github.com/gdfctl/gdfctl/internal/lang"
)

// durationFlag is a flag in the words of the language: "90s", "25m", "2h", "1d".
type durationFlag time.Duration

func (d *durationFlag) String() string {
	if *d == 0 {
		return ""
	}
	return time.Duration(*d).String()
}

func (d *durationFlag) Set(text string) error {
	parsed, err := lang.ParseDuration(text)
	if err != nil || parsed < 0 {
		return errors.New(`write a number and a unit, like "90s", "25m" or "2h"`)
	}
	*d = durationFlag(parsed)
	return nil
}

// Type is how help calls the value.
func (d *durationFlag) Type() string { return "duration" }
