package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/screen"
)

const csvFeedID = "blJ6TlpoNWxSaW9RVmZaMVhBYUVUQT09"

// TestADownloadSurvivesCuts downloads a file whose transfer is cut off in the
// middle, once, to standard output and to a file.
func TestADownloadSurvivesCuts(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "feed.csv")
	var whole string
	for _, faults := range [][]string{nil, {"--fault", "download:half_body:times=1"}, {"--fault", "download:half_body:nth=2"}, {"--fault", "download:half_body"}} {
		url, _, stop := serveSandbox(t, faults...)
		var toStdout, rest strings.Builder
		env := map[string]string{"GDF_ENDPOINT": url, "GDF_CONSUMER_KEY": "sandbox", "GDF_CACHE_DIR": t.TempDir()}
		p := &program{Screen: screen.Screen{In: strings.NewReader(""), Out: &toStdout, Err: &rest, Env: func(name string) string { return env[name] }, Now: time.Now}}
		codes := []int{run(p, []string{"--chdir", dir, "feeds", "download", csvFeedID})}
		p.Out = &rest
		codes = append(codes, run(p, []string{"--chdir", dir, "feeds", "download", "--out", file, csvFeedID}))
		written, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if faults == nil {
			whole = toStdout.String()
		}
		want := exitDone
		if len(faults) > 0 && faults[1] == "download:half_body" {
			want = exitError
			if toStdout.String() != whole[:len(whole)/2] || !strings.Contains(rest.String(), "cut off") {
				t.Errorf("%q: standard output has %d bytes of %d, %s", faults, toStdout.Len(), len(whole), rest.String())
			}
		} else if toStdout.String() != whole {
			t.Errorf("%q: standard output has %d bytes, want %d", faults, toStdout.Len(), len(whole))
		}
		if codes[0] != want || codes[1] != want || string(written) != whole || !strings.HasPrefix(whole, "id,title,") {
			t.Errorf("%q: exits %d, want %d; the file has %d bytes of %d\n%s", faults, codes, want, len(written), len(whole), rest.String())
		}
		if code := stop(); code != exitDone {
			t.Errorf("exit %d", code)
		}
	}
}
