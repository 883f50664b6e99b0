package spec

import (
	"slices"
	"strings"
)

// FeedRule is a built-in rule of a watch. Its identifier never changes its
// meaning.
type FeedRule struct{ Name, ID string }

// FeedRules are the built-in rules in the order in which they are shown.
var FeedRules = []FeedRule{
	{"status", "FD01"},
	{"max_age", "FD02"},
	{"max_submit_age", "FD03"},
	{"empty", "FD05"},
	{"max_drop", "FD06"},
	{"max_rise", "FD06"},
	{"max_error_ratio", "FD07"},
	{"max_warning_rise", "FD08"},
	{"item_allotment", "FD09"},
	{"gone", "FD10"},
	{"content.file", "FC04"},
	{"content.required_columns", "FC01"},
	{"content.header", "FC01"},
	{"content.match_count", "FC02"},
	{"content.unique", "FC03"},
	{"content.required_values", "FC05"},
	{"content.gtin", "FC06"},
	{"content.price", "FC07"},
	{"content.https", "FC09"},
}

// FeedRulesNamed are the names of the built-in rules that a key of severity
// means: an attribute's name, that of a content attribute with or without
// "content.", or an identifier.
func FeedRulesNamed(key string) []string {
	var names []string
	for _, r := range FeedRules {
		if slices.Contains([]string{r.Name, strings.TrimPrefix(r.Name, "content."), r.ID}, key) {
			names = append(names, r.Name)
		}
	}
	return names
}
