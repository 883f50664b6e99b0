package spec

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestFilesInNaturalOrder(t *testing.T) {
	for name, sorted := range map[string][]string{
		"numbers by their value":           {"day-2.csv", "day-10.csv", "day-100.csv"},
		"leading zeros":                    {"day-9.csv", "day-010.csv", "day-11.csv"},
		"letters without case":             {"a.csv", "B.csv", "c.csv"},
		"dates":                            {"2025-12-31.csv", "2026-1-2.csv", "2026-01-10.csv", "2026-11-02.csv"},
		"a browser's copies":               {"export.csv", "export (1).csv", "export (2).csv", "export (10).csv", "export2.csv"},
		"Windows' copies":                  {"export.csv", "export - Copy.csv", "export - Copy (2).csv", "export - Copy (11).csv"},
		"the Mac's copies":                 {"export.csv", "export copy.csv", "export copy 2.csv", "export copy 10.csv"},
		"copies of one number: by bytes":   {"export (2).csv", "export - Copy (2).csv", "export copy 2.csv"},
		"a plain name before a longer one": {"export.csv", "export 2.csv", "export-2.csv"},
		"folders first":                    {"main.hcl", "a/z.csv", "b/a.csv"},
		"copies in folders":                {"s/export.csv", "s/export (1).csv", "t/export.csv"},
		"same but for case: by bytes":      {"A.csv", "a.csv"},
		"same but for zeros: by bytes":     {"day-01.csv", "day-1.csv"},
		"a word that is no copy":           {"copyright.csv", "photocopy.csv"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, shuffled := range [][]string{slices.Clone(sorted), reversed(sorted)} {
				slices.SortFunc(shuffled, compareFiles)
				if !slices.Equal(shuffled, sorted) {
					t.Errorf("got %q, want %q", shuffled, sorted)
				}
			}
		})
	}
}

func reversed(s []string) []string {
	r := slices.Clone(s)
	slices.Reverse(r)
	return r
}

// The order is total, whatever the files are called: otherwise a plan could
// depend on the order of reading.
func TestFilesHaveOneOrder(t *testing.T) {
	name := rapid.StringMatching(`([ab]/)?([a-bA-B]|0|1|10| |-|\(|\)|copy| - Copy| \(1\)| copy 2|\.){1,5}(\.csv)?`)
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := name.Draw(t, "a"), name.Draw(t, "b"), name.Draw(t, "c")
		if (compareFiles(a, b) == 0) != (a == b) || compareFiles(a, b) != -compareFiles(b, a) {
			t.Fatalf("%q and %q: %d and %d", a, b, compareFiles(a, b), compareFiles(b, a))
		}
		if compareFiles(a, b) < 0 && compareFiles(b, c) < 0 && compareFiles(a, c) >= 0 {
			t.Fatalf("%q, %q, %q", a, b, c)
		}
	})
}

func TestDatesThatFilesDoNotSortBy(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"11-26-2026.csv", "12-02-2025.csv", true},
		{"26.11.2026.csv", "02.12.2026.csv", true},
		{"export 26_11_2026.csv", "export 02_12_2026.csv", true},
		{"export 11-26-26.csv", "export 12-02-26.csv", true},
		{"export 11262026.csv", "export 12022025.csv", true},
		{"export 26112026.csv", "export 02122026.csv", true},
		{"export Nov 26.csv", "export Dec 2.csv", true},
		{"26-Nov-2026.csv", "2-Dec-2026.csv", true},
		{"2026-Nov-26.csv", "2026-Dec-02.csv", true},
		{"export-26nov.csv", "export-2dec.csv", true},
		{"amazon 11-26-2026.csv", "walmart 11-27-2026.csv", true},

		{"2026-11-26.csv", "2026-12-02.csv", false},
		{"20261126.csv", "20261202.csv", false},
		{"2026-11-26 10-20-30.csv", "2026-11-26 11-20-30.csv", false},
		{"20261126_10-20-30.csv", "20261126_11-20-30.csv", false},
		{"2026-11-26/11-26-2026.csv", "2026-11-27/11-27-2026.csv", false},
		{"11-26-2026 1.csv", "11-26-2026 2.csv", false},
		{"export.csv", "export (1).csv", false},
		{"export 1.csv", "export 2.csv", false},
		{"market 1.csv", "market 2.csv", false},
		{"decade 1.csv", "decade 2.csv", false},
		{"order 10-20-99.csv", "order 50-60-70.csv", true},
		{"lot 40-50-60.csv", "lot 50-60-70.csv", false},
		{"99999999.csv", "88888888.csv", false},
	} {
		if got := datesDoNotSort(c.a, c.b); got != c.want || datesDoNotSort(c.b, c.a) != c.want {
			t.Errorf("%q and %q: %v, want %v", c.a, c.b, got, c.want)
		}
	}
}

func TestFilesThatDifferInACopyNumber(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"export.csv", "export (1).csv", true},
		{"Export.csv", "export - Copy.csv", true},
		{"export (1).csv", "export (2).csv", true},
		{"export.csv", "export 2.csv", false},
		{"export (1).csv", "other (2).csv", false},
		{"a/export.csv", "b/export (1).csv", false},
	} {
		if got := differInCopyNumber(c.a, c.b); got != c.want {
			t.Errorf("%q and %q: %v, want %v", c.a, c.b, got, c.want)
		}
	}
}
