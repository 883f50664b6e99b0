package browser

import (
	_ "embed" // for axe-core
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

// Screen is what a reader sees a page on.
type Screen struct {
	Width, Height int
	Dark          bool
	Print         bool // on paper
}

// The screens that reports are looked at on.
var (
	Desk  = Screen{Width: 1280, Height: 900}
	Phone = Screen{Width: 390, Height: 844}
	Paper = Screen{Width: 720, Height: 1040, Print: true}
)

// InTheDark is the screen of who prefers dark colors.
func (s Screen) InTheDark() Screen {
	s.Dark = true
	return s
}

func (s Screen) String() string {
	kind := "light"
	switch {
	case s.Print:
		kind = "paper"
	case s.Dark:
		kind = "dark"
	}
	return fmt.Sprintf("%d-%s", s.Width, kind)
}

// Page is a page that is shown.
type Page struct {
	browser *Browser
	session string
	loaded  chan struct{}

	mu       sync.Mutex
	requests []string
	problems []string
}

// Show opens a file and waits until it is loaded.
func (b *Browser) Show(t testing.TB, file string, s Screen) *Page {
	t.Helper()
	return b.Visit(t, "file://"+file, s)
}

// Visit opens an address and waits until it is loaded.
func (b *Browser) Visit(t testing.TB, address string, s Screen) *Page {
	t.Helper()
	p := &Page{browser: b, loaded: make(chan struct{}, 1)}
	var target struct {
		ID string `json:"targetId"`
	}
	p.ask(t, "Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	var attached struct {
		Session string `json:"sessionId"`
	}
	p.ask(t, "Target.attachToTarget", map[string]any{"targetId": target.ID, "flatten": true}, &attached)
	p.session = attached.Session
	b.mu.Lock()
	b.pages[p.session] = p
	b.mu.Unlock()
	scheme := "light"
	if s.Dark {
		scheme = "dark"
	}
	media := ""
	if s.Print {
		media = "print"
	}
	for _, step := range []struct {
		method string
		params any
	}{
		{"Page.enable", nil},
		{"Runtime.enable", nil},
		{"Log.enable", nil},
		{"Network.enable", nil},
		{"Emulation.setDeviceMetricsOverride", map[string]any{"width": s.Width, "height": s.Height, "deviceScaleFactor": 1, "mobile": s.Width < 600}},
		{"Emulation.setEmulatedMedia", map[string]any{"media": media, "features": []map[string]string{{"name": "prefers-color-scheme", "value": scheme}}}},
		{"Emulation.setFocusEmulationEnabled", map[string]any{"enabled": true}},
		{"Page.navigate", map[string]any{"url": address}},
	} {
		p.ask(t, step.method, step.params, nil)
	}
	select {
	case <-p.loaded:
	case <-time.After(longest):
		t.Fatalf("%s was not loaded", address)
	}
	return p
}

func (p *Page) ask(t testing.TB, method string, params, into any) {
	t.Helper()
	answer, err := p.browser.call(t.Context(), p.session, method, params)
	if err == nil && into != nil {
		err = json.Unmarshal(answer, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// event notes what the page loads and complains of.
func (p *Page) event(m message) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch m.Method {
	case "Page.loadEventFired":
		select {
		case p.loaded <- struct{}{}:
		default:
		}
	case "Network.requestWillBeSent":
		var e struct {
			Request struct {
				URL string `json:"url"`
			} `json:"request"`
		}
		_ = json.Unmarshal(m.Params, &e)
		p.requests = append(p.requests, e.Request.URL)
	case "Runtime.exceptionThrown", "Log.entryAdded", "Runtime.consoleAPICalled":
		p.problems = append(p.problems, m.Method+" "+string(m.Params))
	}
}

// Requests are the addresses that the page has asked for, its own one first.
func (p *Page) Requests() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.requests...)
}

// Problems are the lines of the browser's console.
func (p *Page) Problems() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.problems...)
}

// Eval is what an expression is in the page. It waits for promises.
func (p *Page) Eval(t testing.TB, expression string, into any) {
	t.Helper()
	var answer struct {
		Result struct {
			Value json.RawMessage `json:"value"`
		} `json:"result"`
		Exception *struct {
			Text      string `json:"text"`
			Exception struct {
				Description string `json:"description"`
			} `json:"exception"`
		} `json:"exceptionDetails"`
	}
	p.ask(t, "Runtime.evaluate", map[string]any{"expression": expression, "awaitPromise": true, "returnByValue": true}, &answer)
	if e := answer.Exception; e != nil {
		t.Fatalf("%.100s: %s %s", expression, e.Text, e.Exception.Description)
	}
	if into != nil {
		if err := json.Unmarshal(answer.Result.Value, into); err != nil {
			t.Fatalf("%.100s: %v", expression, err)
		}
	}
}

// keys that tests press, with their numbers.
var keys = map[string]int{"Tab": 9, "Enter": 13, "PageUp": 33, "PageDown": 34, "End": 35, "Home": 36, "ArrowUp": 38, "ArrowDown": 40}

// Press presses keys, one after the other: names of keys, or characters.
func (p *Page) Press(t testing.TB, names ...string) {
	t.Helper()
	for _, name := range names {
		down := map[string]any{"type": "keyDown", "key": name}
		if code, known := keys[name]; known {
			down["windowsVirtualKeyCode"], down["code"] = code, name
		} else {
			down["text"] = name
		}
		p.ask(t, "Input.dispatchKeyEvent", down, nil)
		p.ask(t, "Input.dispatchKeyEvent", map[string]any{"type": "keyUp", "key": name}, nil)
	}
}

// Picture writes what the screen shows to a file, or the whole page up to a height.
func (p *Page) Picture(t testing.TB, file string, height int) {
	t.Helper()
	params := map[string]any{"format": "png"}
	if height > 0 {
		var size [2]float64
		p.Eval(t, "[document.documentElement.clientWidth, document.documentElement.scrollHeight]", &size)
		params["captureBeyondViewport"] = true
		params["clip"] = map[string]any{"x": 0, "y": 0, "width": size[0], "height": min(size[1], float64(height)), "scale": 1}
	}
	var shot struct {
		Data []byte `json:"data"`
	}
	p.ask(t, "Page.captureScreenshot", params, &shot)
	if err := os.WriteFile(file, shot.Data, 0o600); err != nil {
		t.Fatal(err)
	}
}

//go:embed testdata/axe.min.js
var axe string

// Violations are what keeps people from using the page, as axe-core finds it.
func (p *Page) Violations(t testing.TB) []string {
	t.Helper()
	p.Eval(t, axe+";0", nil)
	var found []struct {
		ID    string   `json:"id"`
		Help  string   `json:"help"`
		Nodes []string `json:"nodes"`
	}
	p.Eval(t, `axe.run(document, {resultTypes: ["violations"]}).then(r => r.violations.map(v => ({id: v.id, help: v.help, nodes: v.nodes.slice(0, 3).map(n => n.html.slice(0, 200) + " " + n.failureSummary)})))`, &found)
	var out []string
	for _, v := range found {
		out = append(out, v.ID+": "+v.Help+"\n  "+strings.Join(v.Nodes, "\n  "))
	}
	return out
}
