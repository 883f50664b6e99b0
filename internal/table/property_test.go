package table_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/table"
)

// TestWhatIsWrittenIsRead writes a table in any style: its cells come back, each
// with the line that its row begins on. Line by line, and without a delimiter that
// is told, the same is read as long as no cell goes on over several lines.
func TestWhatIsWrittenIsRead(t *testing.T) {
	dir := t.TempDir()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = root.Close() })
	rapid.Check(t, func(t *rapid.T) {
		delimiter := rapid.SampledFrom([]string{",", "\t", ";", "|"}).Draw(t, "delimiter")
		newline := rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(t, "newline")
		columns := rapid.IntRange(2, 4).Draw(t, "columns")
		o := table.CSVOptions{Delimiter: rune(delimiter[0]), Quotes: table.QuotesStandard}
		cells := []string{"", "x", "0012", "two words", `5" pipe`, `="1"`, `"quoted"`, "Zoë", ",;|\t", "a\nb", "a\n\n" + delimiter + "b"}
		if rapid.Bool().Draw(t, "line by line") {
			o.Quotes, cells = table.QuotesLine, cells[:9]
			if rapid.Bool().Draw(t, "delimiter found") {
				o.Delimiter, cells = 0, cells[:8]
			}
		}
		var text strings.Builder
		names := []string{"a", "b", "c", "d"}[:columns]
		text.WriteString(strings.Join(names, delimiter) + newline)
		line := 2
		var want []string
		for range rapid.IntRange(0, 30).Draw(t, "rows") {
			row := make([]string, columns)
			for i := range row {
				row[i] = rapid.SampledFrom(cells).Draw(t, "cell")
				if i > 0 {
					text.WriteString(delimiter)
				}
				text.WriteString(written(t, row[i], delimiter))
			}
			text.WriteString(newline)
			if strings.Join(row, "") != "" {
				for i, cell := range row {
					row[i] = table.Clean(cell)
				}
				want = append(want, fmt.Sprintf("t.csv:%d %s", line, strings.Join(row, "|")))
			}
			line = strings.Count(text.String(), "\n") + 1
		}
		if err := os.WriteFile(filepath.Join(dir, "t.csv"), []byte(text.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := readCSV(root, "t.csv", o)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Fatalf("%q with %+v: %v\n%s", text.String(), o, err, diff)
		}
	})
}

// written is a cell as a program may write it, with quotes where they are needed
// or where it likes to.
func written(t *rapid.T, cell, delimiter string) string {
	if !strings.HasPrefix(cell, `"`) && !strings.ContainsAny(cell, delimiter+"\n") && rapid.Bool().Draw(t, "plain") {
		return cell
	}
	blanks := rapid.SampledFrom([]string{"", " "}).Draw(t, "blanks")
	return blanks + `"` + strings.ReplaceAll(cell, `"`, `""`) + `"` + blanks
}
