package forge_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/forges"
	"github.com/gdfctl/gdfctl/internal/canary"
	"github.com/gdfctl/gdfctl/internal/forge"
)

func answers(status int, header ...string) func(*http.Request, int) (int, http.Header) {
	h := http.Header{}
	for i := 0; i < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	return func(*http.Request, int) (int, http.Header) { return status, h }
}

// Whatever the forge answers, no error shows the token, or anything of the answer.
func TestErrorsShowNothing(t *testing.T) {
	for name, intercept := range map[string]func(*http.Request, int) (int, http.Header){
		"it echoes the token":            answers(500),
		"it refuses the token":           answers(401),
		"a permission is missing":        answers(403),
		"there is nothing":               answers(404),
		"a redirect":                     answers(302, "Location", "https://evil.example/?token="+token),
		"a permanent redirect":           answers(308, "Location", "https://evil.example/?token="+token),
		"an answer that is not the JSON": answers(200),
		"no content":                     answers(204),
	} {
		t.Run(name, func(t *testing.T) {
			both(t, func(t *testing.T, w *forges.World, c *forge.Client) {
				w.Intercept = intercept
				_, err := c.Comment(t.Context(), planMark(1, "a", 1, 0), "x")
				if err == nil {
					_, err = c.Merged(t.Context(), []forge.Commit{{Hash: "c1"}}, time.Time{}, nil)
				}
				showsNothing(t, err)
			})
		})
	}
	t.Run("no server", func(t *testing.T) {
		c := clientOf(t, environment(onGitLab), &http.Transport{})
		_, err := c.Time(t.Context())
		showsNothing(t, err)
		if !strings.Contains(err.Error(), "no connection") {
			t.Error(err)
		}
	})
}

func showsNothing(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		t.Fatal("no error")
	}
	for _, secret := range []string{token, "evil.example"} {
		if what := canary.FindTraces(err.Error(), secret); what != "" {
			t.Errorf("%s in %q", what, err)
		}
	}
	if strings.Contains(err.Error(), "http") || strings.Contains(err.Error(), "you sent") {
		t.Errorf("%q quotes an address or an answer", err)
	}
}

// A redirect gets no token, over a real network too.
func TestNoRedirectIsFollowed(t *testing.T) {
	reached := false
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	defer elsewhere.Close()
	server := httptest.NewServer(http.RedirectHandler(elsewhere.URL, http.StatusTemporaryRedirect))
	defer server.Close()
	c := clientOf(t, environment(onGitLab, "CI_API_V4_URL="+server.URL+"/api/v4"), &http.Transport{})
	_, err := c.Comment(t.Context(), planMark(1, "a", 1, 0), "x")
	if reached || err == nil || !strings.Contains(err.Error(), "redirects are not followed") {
		t.Errorf("reached %v, %v", reached, err)
	}
}

func TestLimitsAreWaitedFor(t *testing.T) {
	for name, c := range map[string]struct {
		intercept func(*http.Request, int) (int, http.Header)
		waits     time.Duration
		err       string
	}{
		"429 for a while":            {answers(429, "Retry-After", "30"), 30 * time.Second, ""},
		"403 for a while":            {answers(403, "Retry-After", "60"), 60 * time.Second, ""},
		"429 for too long":           {answers(429, "Retry-After", "61"), 0, "429 Too Many Requests: its limit of calls is reached"},
		"until a date":               {answers(429, "Retry-After", "Sat, 01 Jan 2000 00:00:20 GMT"), 20 * time.Second, ""},
		"until the limit is reset":   {answers(403, "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", "946684810"), 10 * time.Second, ""},
		"reset in an hour":           {answers(403, "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", "946688400"), 0, "403 Forbidden: its limit of calls is reached"},
		"the limit, without an end":  {answers(403, "X-RateLimit-Remaining", "0"), 0, "its limit of calls is reached"},
		"429, without an end":        {answers(429), 0, "its limit of calls is reached"},
		"403, and nothing of limits": {answers(403, "X-RateLimit-Remaining", "12"), 0, "the token lacks a permission"},
	} {
		t.Run(name, func(t *testing.T) {
			both(t, func(t *testing.T, w *forges.World, client *forge.Client) {
				synctest.Test(t, func(t *testing.T) {
					w.Intercept = func(r *http.Request, n int) (int, http.Header) {
						if n == 1 {
							return c.intercept(r, n)
						}
						return 0, nil
					}
					began := time.Now()
					_, err := client.Comment(t.Context(), planMark(1, "a", 1, 0), "x")
					if c.err == "" && err != nil || c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)) {
						t.Errorf("%v, want %q", err, c.err)
					}
					if waited := time.Since(began); waited != c.waits {
						t.Errorf("it waited %s, want %s", waited, c.waits)
					}
				})
			})
		})
	}
}

// A forge that always says "later" is not asked without end.
func TestAForgeThatIsAlwaysBusy(t *testing.T) {
	both(t, func(t *testing.T, w *forges.World, c *forge.Client) {
		synctest.Test(t, func(t *testing.T) {
			w.Intercept = answers(429, "Retry-After", "5")
			_, err := c.Comment(t.Context(), planMark(1, "a", 1, 0), "x")
			if err == nil || len(w.Calls()) > forge.MostCalls {
				t.Errorf("%d calls, %v", len(w.Calls()), err)
			}
		})
	})
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

func (endless) Close() error { return nil }

type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestAnswersHaveABound(t *testing.T) {
	c := clientOf(t, environment(onGitHub), transport(func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Body: endless{}}, nil
	}))
	if _, err := c.Time(t.Context()); err == nil || !strings.Contains(err.Error(), "too large") {
		t.Error(err)
	}
}

func TestAForgeThatNeverAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := clientOf(t, environment(onGitHub), transport(func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, errors.New("Get " + r.URL.String() + "?token=" + token)
		}))
		began := time.Now()
		_, err := c.Time(t.Context())
		showsNothing(t, err)
		if waited := time.Since(began); waited > 30*time.Second {
			t.Errorf("it waited %s", waited)
		}
	})
}

// The token goes to the address of the environment, and to no other one.
func TestAddresses(t *testing.T) {
	for api, want := range map[string]string{
		"https://api.github.com":             "https://api.github.com/graphql",
		"https://github.example/api/v3":      "https://github.example/api/graphql",
		"https://api.octo.ghe.com/":          "https://api.octo.ghe.com/graphql",
		"https://gitlab.example/git/api/v4/": "https://gitlab.example/git/api/v4/user",
	} {
		var asked []string
		record := transport(func(r *http.Request) (*http.Response, error) {
			asked = append(asked, r.URL.String())
			return &http.Response{StatusCode: 500, Body: http.NoBody}, nil
		})
		world := environment(onGitHub, "GITHUB_API_URL="+api)
		if strings.Contains(api, "gitlab") {
			world = environment(onGitLab, "CI_API_V4_URL="+api)
		}
		_, err := clientOf(t, world, record).Comment(t.Context(), planMark(1, "a", 1, 0), "x")
		if err == nil || len(asked) != 1 || asked[0] != want {
			t.Errorf("%s: %q, %v", api, asked, err)
		}
	}
}

// The forge's time is that of its answers.
func TestTime(t *testing.T) {
	both(t, func(t *testing.T, w *forges.World, c *forge.Client) {
		w.Now = func() time.Time { return at(7) }
		if got, err := c.Time(t.Context()); err != nil || !got.Equal(at(7)) {
			t.Errorf("%s, %v", got, err)
		}
	})
	silent := clientOf(t, environment(onGitHub), transport(func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Body: http.NoBody}, nil
	}))
	if _, err := silent.Time(t.Context()); err == nil || !strings.Contains(err.Error(), "Date") {
		t.Error(err)
	}
}
