//go:build !race

package acceptance

import (
	"net/http"
	"strings"
	"testing"

	"golang.org/x/crypto/bcrypt"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

// Metrics that other machines can reach are read by whom a file names, or the log says that
// anybody can. Health needs no password: what asks for it has none.
func TestWhoReadsTheMetricsOfAnAgent(t *testing.T) {
	t.Parallel()
	w := acknowledging(t, unlimited, apiserver.Generate(405, 1, apiserver.New), apiserver.Options{})
	w.run("agent", "--metrics-web-config", "web.yml").exits(1).says("the web configuration file web.yml can't be used")
	hash, err := bcrypt.GenerateFromPassword([]byte("secret"), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	w.write("web.yml", "basic_auth_users:\n  prometheus: "+string(hash)+"\n")
	p := w.agent("--metrics-web-config", "web.yml")
	address := metricsAddress.FindStringSubmatch(p.stderr.String())[1]
	for url, want := range map[string]int{
		address + "/metrics": http.StatusUnauthorized, strings.Replace(address, "//", "//prometheus:secret@", 1) + "/metrics": http.StatusOK,
		address + "/healthz": http.StatusOK,
	} {
		if status, _ := fetched(t, url); status != want {
			t.Errorf("%s answered %d", url, status)
		}
	}
	if text := p.stderr.String(); strings.Contains(text, "level=WARN") || strings.Contains(text, "secret") {
		t.Error(text)
	}
	p.stops()
	p = w.start("agent", "--metrics-listen", "0.0.0.0:0")
	until(t, "the agent has started", func() bool { return strings.Contains(p.stderr.String(), "msg=started") })
	if !strings.Contains(p.stderr.String(), "anybody who reaches this address can read the metrics") {
		t.Error(p.stderr.String())
	}
	p.stops()
}
