package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

var (
	fencedCode = regexp.MustCompile("(?ms)^```.*?^```$")
	inlineCode = regexp.MustCompile("`[^`\n]+`")
	link       = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	anyHeading = regexp.MustCompile(`(?m)^#{1,6} +(.+)$`)
)

// Every relative link of README and the documents leads to a file that is
// there, and its anchor to a heading of it.
func TestLinksOfDocuments(t *testing.T) {
	links := 0
	for _, pattern := range []string{"../../*.md", "../../docs/*.md", "../../docs/*/*.md", "../../examples/*/*.md", "../../examples/*/*/*.md"} {
		documents, err := filepath.Glob(pattern)
		if err != nil || len(documents) == 0 {
			t.Fatal("no documents", pattern, err)
		}
		for _, document := range documents {
			for _, target := range linksOf(t, document) {
				links++
				if err := leads(document, target); err != nil {
					t.Errorf("%s: %v", strings.TrimPrefix(document, "../../"), err)
				}
			}
		}
	}
	if links < 200 {
		t.Errorf("only %d links found: is the pattern right?", links)
	}
}

func linksOf(t *testing.T, document string) (targets []string) {
	t.Helper()
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range link.FindAllStringSubmatch(inlineCode.ReplaceAllString(fencedCode.ReplaceAllString(string(text), ""), "code"), -1) {
		if !strings.Contains(m[1], "://") {
			targets = append(targets, m[1])
		}
	}
	return targets
}

func leads(from, target string) error {
	name, anchor, _ := strings.Cut(target, "#")
	path := from
	if name != "" {
		path = filepath.Join(filepath.Dir(from), name)
	}
	if anchor == "" {
		_, err := os.Stat(path)
		return err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if !slices.Contains(anchorsOf(string(text)), anchor) {
		return fmt.Errorf("%s: no heading of %s has this anchor", target, filepath.Base(path))
	}
	return nil
}

// anchorsOf are the anchors that GitHub gives the headings of a document.
func anchorsOf(text string) (anchors []string) {
	seen := map[string]int{}
	for _, m := range anyHeading.FindAllStringSubmatch(fencedCode.ReplaceAllString(text, ""), -1) {
		anchor := strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case r == '-', r == '_', unicode.IsLetter(r), unicode.IsDigit(r):
				return unicode.ToLower(r)
			}
			return -1
		}, strings.TrimSpace(m[1]))
		seen[anchor]++
		if n := seen[anchor]; n > 1 {
			anchor = fmt.Sprintf("%s-%d", anchor, n-1)
		}
		anchors = append(anchors, anchor)
	}
	return anchors
}
