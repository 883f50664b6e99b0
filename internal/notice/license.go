package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// license is what the license files of a module say.
type license struct {
	kinds      []string // as SPDX calls them
	copyrights []string
	texts      []string
}

// kinds are told apart by a sentence that only they have. A file can hold several.
var kinds = []struct {
	name     string
	sentence *regexp.Regexp
}{
	{"Apache-2.0", regexp.MustCompile(`Apache License,? Version 2\.0`)},
	{"BSD-3-Clause", regexp.MustCompile(`Redistribution and use in source and binary forms.*Neither the names? of`)},
	{"MIT", regexp.MustCompile(`Permission is hereby granted, free of charge, to any person obtaining a copy of this software`)},
	{"MPL-2.0", regexp.MustCompile(`(?i)Mozilla Public License,? version 2\.0`)},
	{"Unicode-DFS-2016", regexp.MustCompile(`Unicode Data Files`)},
}

// copyrightLine is a line that names an owner, not one that only speaks of
// copyright.
var copyrightLine = regexp.MustCompile(`(?m)^[ \t#*]*(Copyright (?:\([cC]\) |© )?(?:[0-9A-Z][^\[\n]*))$`)

var licenseFile = regexp.MustCompile(`(?i)^(licen[sc]e|copying|notice)(-3rd-party)?(\.(md|txt))?$`)

func licenseOf(m module) (license, error) {
	entries, err := os.ReadDir(m.dir)
	if err != nil {
		return license{}, fmt.Errorf("%s: %w", m.path, err)
	}
	var l license
	for _, e := range entries {
		if !licenseFile.MatchString(e.Name()) {
			continue
		}
		content, err := os.ReadFile(filepath.Join(m.dir, e.Name()))
		if err != nil {
			return license{}, fmt.Errorf("%s: %w", m.path, err)
		}
		l.add(string(content))
	}
	if len(l.kinds) == 0 {
		return l, fmt.Errorf("%s: no license that is known in %s", m.path, m.dir)
	}
	return l, nil
}

func (l *license) add(content string) {
	content = tidy(content)
	sentences := strings.Join(strings.Fields(content), " ")
	for _, kind := range kinds {
		if kind.sentence.MatchString(sentences) && !slices.Contains(l.kinds, kind.name) {
			l.kinds = append(l.kinds, kind.name)
		}
	}
	for _, m := range copyrightLine.FindAllStringSubmatch(content, -1) {
		if line := strings.TrimSpace(m[1]); !slices.Contains(l.copyrights, line) {
			l.copyrights = append(l.copyrights, line)
		}
	}
	l.texts = append(l.texts, tidy(copyrightLine.ReplaceAllString(content, "")))
}

// tidy drops what differs between copies of one text: ends of lines, and blank
// lines around it and in a row.
func tidy(text string) string {
	var lines []string
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, " \t\r\n\f")
		if line == "" && len(lines) > 0 && lines[len(lines)-1] == "" {
			continue
		}
		lines = append(lines, line)
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}
